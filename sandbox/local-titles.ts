/** What well-known films are called in German, French, Spanish and Japanese. Empty: as the original. */
const table = `
11|Krieg der Sterne|La Guerre des étoiles|La guerra de las galaxias|スター・ウォーズ
12|Findet Nemo|Le Monde de Nemo|Buscando a Nemo|ファインディング・ニモ
13||| フォレスト・ガンプ／一期一会
18|Das fünfte Element||El quinto elemento|フィフス・エレメント
28||||地獄の黙示録
62|2001: Odyssee im Weltraum|2001 : L'Odyssée de l'espace|2001: Una odisea del espacio|2001年宇宙の旅
77|||Memento|メメント
78||||ブレードランナー
85|Jäger des verlorenen Schatzes|Les Aventuriers de l'arche perdue|En busca del arca perdida|レイダース／失われたアーク《聖櫃》
98|||Gladiator (El gladiador)|グラディエーター
101|Léon – Der Profi||El profesional (Léon)|レオン
103|||Taxi Driver|タクシードライバー
105|Zurück in die Zukunft|Retour vers le futur|Regreso al futuro|バック・トゥ・ザ・フューチャー
120|Der Herr der Ringe: Die Gefährten|Le Seigneur des anneaux : La Communauté de l'anneau|El señor de los anillos: La comunidad del anillo|ロード・オブ・ザ・リング
121|Der Herr der Ringe: Die zwei Türme|Le Seigneur des anneaux : Les Deux Tours|El señor de los anillos: Las dos torres|ロード・オブ・ザ・リング／二つの塔
122|Der Herr der Ringe: Die Rückkehr des Königs|Le Seigneur des anneaux : Le Retour du roi|El señor de los anillos: El retorno del rey|ロード・オブ・ザ・リング／王の帰還
128|Prinzessin Mononoke|Princesse Mononoké|La princesa Mononoke|
129|Chihiros Reise ins Zauberland|Le Voyage de Chihiro|El viaje de Chihiro|
137|Und täglich grüßt das Murmeltier|Un jour sans fin|Atrapado en el tiempo|恋はデジャ・ブ
155||The Dark Knight : Le Chevalier noir|El caballero oscuro|ダークナイト
185|Uhrwerk Orange|Orange mécanique|La naranja mecánica|時計じかけのオレンジ
194|Die fabelhafte Welt der Amélie||Amélie|アメリ
213|Der unsichtbare Dritte|La Mort aux trousses|Con la muerte en los talones|北北西に進路を取れ
218|Terminator|Terminator|Terminator|ターミネーター
238|Der Pate|Le Parrain|El padrino|ゴッドファーザー
240|Der Pate 2|Le Parrain, 2e partie|El padrino: Parte II|ゴッドファーザー PART II
274|Das Schweigen der Lämmer|Le Silence des agneaux|El silencio de los corderos|羊たちの沈黙
278|Die Verurteilten|Les Évadés|Cadena perpetua|ショーシャンクの空に
289||||カサブランカ
329||||ジュラシック・パーク
346|Die sieben Samurai|Les Sept Samouraïs|Los siete samuráis|
348|Alien – Das unheimliche Wesen aus einer fremden Welt|Alien, le huitième passager|Alien, el octavo pasajero|エイリアン
389|Die zwölf Geschworenen|Douze Hommes en colère|12 hombres sin piedad|十二人の怒れる男
424|Schindlers Liste|La Liste de Schindler|La lista de Schindler|シンドラーのリスト
429|Zwei glorreiche Halunken|Le Bon, la Brute et le Truand|El bueno, el feo y el malo|続・夕陽のガンマン
510|Einer flog über das Kuckucksnest|Vol au-dessus d'un nid de coucou|Alguien voló sobre el nido del cuco|カッコーの巣の上で
539|||Psicosis|サイコ
550|||El club de la lucha|ファイト・クラブ
567|Das Fenster zum Hof|Fenêtre sur cour|La ventana indiscreta|裏窓
578|Der weiße Hai|Les Dents de la mer|Tiburón|ジョーズ
582||La Vie des autres|La vida de los otros|善き人のためのソナタ
598|City of God|La Cité de Dieu|Ciudad de Dios|シティ・オブ・ゴッド
601|E.T. – Der Außerirdische|E.T., l'extra-terrestre|E.T., el extraterrestre|
603|Matrix|Matrix|Matrix|マトリックス
620|Ghostbusters – Die Geisterjäger|SOS Fantômes|Cazafantasmas|ゴーストバスターズ
637|Das Leben ist schön|La vie est belle|La vida es bella|ライフ・イズ・ビューティフル
680||||パルプ・フィクション
745||Sixième Sens|El sexto sentido|シックス・センス
807|Sieben|||セブン
862|||Toy Story: Juguetes|トイ・ストーリー
872|Du sollst mein Glücksstern sein|Chantons sous la pluie|Cantando bajo la lluvia|雨に唄えば
1417|Pans Labyrinth|Le Labyrinthe de Pan||パンズ・ラビリンス
1891|Das Imperium schlägt zurück|L'Empire contre-attaque|El imperio contraataca|スター・ウォーズ／帝国の逆襲
1892|Die Rückkehr der Jedi-Ritter|Le Retour du Jedi|El retorno del Jedi|スター・ウォーズ／ジェダイの帰還
4935|Das wandelnde Schloss|Le Château ambulant|El castillo ambulante|
8392|Mein Nachbar Totoro|Mon voisin Totoro|Mi vecino Totoro|
8587|Der König der Löwen|Le Roi lion|El rey león|ライオン・キング
10193||||トイ・ストーリー3
14160|Oben|Là-haut||カールじいさんの空飛ぶ家
19995|Avatar – Aufbruch nach Pandora|||アバター
27205||||インセプション
150540|Alles steht Kopf|Vice-versa|Del revés (Inside Out)|インサイド・ヘッド
157336||||インターステラー
313369|||La ciudad de las estrellas (La La Land)|ラ・ラ・ランド
329865||Premier Contact|La llegada|メッセージ
372058|Your Name. – Gestern, heute und für immer|||
438631|||Dune|DUNE／デューン 砂の惑星
496243|||Parásitos|パラサイト 半地下の家族
872585||||オッペンハイマー
900001|Die Tochter des Leuchtturmwärters|La Fille du gardien de phare||
`;

const columns: readonly string[] = ['de', 'fr', 'es', 'ja'];

const titles = new Map(
  table
    .trim()
    .split('\n')
    .map((line) => {
      const [id, ...names] = line.split('|');
      return [Number(id), names.map((name) => name.trim())] as const;
    }),
);

/** Empty where the film goes by its original title. */
export function localTitle(id: number, language: string): string {
  return titles.get(id)?.[columns.indexOf(language)] ?? '';
}

/** Other names that people search for, by the country that uses them. */
const alternatives: Readonly<
  Record<number, readonly (readonly [country: string, title: string, type: string])[]>
> = {
  11: [
    ['US', 'Star Wars: Episode IV - A New Hope', ''],
    ['DE', 'Star Wars: Episode IV – Eine neue Hoffnung', ''],
  ],
  129: [
    ['JP', 'Sen to Chihiro no Kamikakushi', 'romanization'],
    ['IT', 'La città incantata', ''],
  ],
  194: [['US', 'Amelie from Montmartre', '']],
  550: [['MX', 'El club de la pelea', '']],
  807: [['US', 'Seven', '']],
  10681: [['US', 'WALL-E', '']],
  935: [['US', 'Dr. Strangelove', 'short title']],
  1891: [['US', 'Star Wars: Episode V - The Empire Strikes Back', '']],
  1892: [['US', 'Star Wars: Episode VI - Return of the Jedi', '']],
};

export const alternativeTitlesOf = (id: number) =>
  (alternatives[id] ?? []).map(([iso_3166_1, title, type]) => ({ iso_3166_1, title, type }));
