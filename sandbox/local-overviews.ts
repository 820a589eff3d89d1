/** What the best known films are about, in our own words. By id: German, French, Spanish. */
const table = `
11|Ein Bauernjunge findet eine Botschaft in einem Droiden, und dahinter wartet ein Krieg zwischen den Sternen.|Un garçon de ferme trouve un message dans un droïde, et derrière lui toute une guerre entre les étoiles.|Un muchacho de granja encuentra un mensaje en un droide, y detrás de él una guerra entre las estrellas.
12|Ein ängstlicher Clownfisch schwimmt durch den halben Ozean, um seinen Sohn zurückzuholen.|Un poisson-clown craintif traverse la moitié de l'océan pour retrouver son fils.|Un pez payaso miedoso cruza medio océano para recuperar a su hijo.
13|Ein Mann mit schlichtem Gemüt läuft, ohne es zu merken, mitten durch die Geschichte seines Landes.|Un homme au cœur simple traverse en courant l'histoire de son pays, sans s'en apercevoir.|Un hombre sencillo atraviesa corriendo la historia de su país sin darse cuenta.
62|Ein schwarzer Stein, ein Raumschiff und eine Maschine, die keinen Fehler machen darf.|Une pierre noire, un vaisseau, et une machine qui n'a pas le droit de se tromper.|Una piedra negra, una nave y una máquina que no puede equivocarse.
78|Ein müder Polizist jagt künstliche Menschen durch den Regen und weiß bald nicht mehr, was ihn von ihnen trennt.|Un policier las traque des êtres artificiels sous la pluie, et ne sait bientôt plus ce qui le sépare d'eux.|Un policía cansado persigue a seres artificiales bajo la lluvia y pronto no sabe qué lo separa de ellos.
85|Ein Archäologe und eine Wirtin suchen eine Truhe, die man besser nicht öffnet.|Un archéologue et une tenancière cherchent un coffre qu'il vaut mieux ne pas ouvrir.|Un arqueólogo y una tabernera buscan un arca que es mejor no abrir.
105|Ein Junge fährt dreißig Jahre zurück und muss dafür sorgen, dass seine Eltern sich doch noch verlieben.|Un garçon remonte trente ans en arrière et doit faire en sorte que ses parents tombent amoureux.|Un chico viaja treinta años atrás y debe lograr que sus padres se enamoren.
120|Ein Hobbit erbt einen Ring, den niemand tragen darf, und acht Gefährten gehen mit ihm.|Un Hobbit hérite d'un anneau que nul ne devrait porter, et huit compagnons partent avec lui.|Un hobbit hereda un anillo que nadie debería llevar, y ocho compañeros parten con él.
129|Ein Mädchen muss in einem Badehaus für Geister arbeiten, um ihre Eltern zurückzuverwandeln.|Une fillette doit travailler dans des bains pour esprits afin que ses parents redeviennent humains.|Una niña debe trabajar en una casa de baños para espíritus hasta que sus padres vuelvan a ser humanos.
155|Ein Mann mit geschminktem Gesicht will beweisen, dass jeder in der Stadt käuflich ist.|Un homme au visage peint veut prouver que chacun, dans cette ville, a son prix.|Un hombre con la cara pintada quiere probar que en la ciudad todos tienen un precio.
238|Der jüngste Sohn wollte mit dem Geschäft der Familie nichts zu tun haben. Dann braucht ihn sein Vater.|Le plus jeune fils ne voulait rien savoir des affaires de la famille. Puis son père a besoin de lui.|El hijo menor no quería saber nada del negocio de la familia. Hasta que su padre lo necesita.
278|Zwei Häftlinge werden in langen Jahren Freunde, und einer von ihnen hat Geduld und einen kleinen Hammer.|Deux prisonniers deviennent amis au fil des ans, et l'un d'eux a de la patience et un petit marteau.|Dos presos se hacen amigos con los años, y uno de ellos tiene paciencia y un pequeño martillo.
289|Im Café eines Mannes, der sich heraushalten will, steht eines Abends die Frau, wegen der er es will.|Dans le café d'un homme qui ne se mêle de rien entre un soir la femme à cause de qui il ne se mêle de rien.|Al café de un hombre que no se mete en nada llega una noche la mujer por la que no lo hace.
329|Auf einer Insel leben wieder Dinosaurier, und der Strom fällt aus.|Sur une île, les dinosaures sont revenus, et le courant est coupé.|En una isla vuelven a vivir los dinosaurios, y se va la luz.
348|Die Besatzung eines Frachters folgt einem Notruf und nimmt etwas an Bord.|L'équipage d'un cargo répond à un appel de détresse et ramène quelque chose à bord.|La tripulación de un carguero atiende una llamada de socorro y sube algo a bordo.
424|Ein Fabrikant will am Krieg verdienen und schreibt am Ende Namen auf eine Liste, um Leben zu retten.|Un industriel veut profiter de la guerre, et finit par écrire des noms sur une liste pour sauver des vies.|Un empresario quiere ganar con la guerra y acaba escribiendo nombres en una lista para salvar vidas.
539|Eine Frau mit gestohlenem Geld hält an einem Motel, das keine anderen Gäste hat.|Une femme qui a volé de l'argent s'arrête dans un motel sans autres clients.|Una mujer con dinero robado para en un motel sin más huéspedes.
550|Ein Mann, der nicht schlafen kann, gründet mit einem Seifenverkäufer einen Klub, über den niemand reden darf.|Un homme qui ne dort plus fonde avec un marchand de savon un club dont personne ne doit parler.|Un hombre que no duerme funda con un vendedor de jabón un club del que nadie debe hablar.
578|Ein Hai jagt vor einem Badeort, und der Bürgermeister will die Strände offen halten.|Un requin chasse devant une station balnéaire, et le maire veut garder les plages ouvertes.|Un tiburón caza frente a un pueblo costero, y el alcalde quiere mantener abiertas las playas.
603|Ein Programmierer erfährt, dass die Welt, in der er aufwacht, gerechnet wird.|Un programmeur apprend que le monde où il se réveille est le fruit d'un calcul.|Un programador descubre que el mundo en el que despierta es un cálculo.
680|Zwei Killer, ein Boxer und die Frau des Chefs kommen einander an zwei Tagen mehrmals in die Quere.|Deux tueurs, un boxeur et la femme du patron se croisent plusieurs fois en deux jours.|Dos matones, un boxeador y la mujer del jefe se cruzan varias veces en dos días.
807|Zwei Polizisten folgen einem Mörder, der nach einem alten Verzeichnis der Sünden vorgeht.|Deux policiers suivent un tueur qui procède selon une vieille liste de péchés.|Dos policías siguen a un asesino que actúa según una antigua lista de pecados.
862|Das liebste Spielzeug eines Jungen bekommt Gesellschaft, die sich für einen echten Raumfahrer hält.|Le jouet préféré d'un garçon voit arriver un rival qui se croit un vrai cosmonaute.|El juguete preferido de un niño recibe compañía: uno que se cree astronauta de verdad.
8587|Ein junger Löwe flieht vor einer Schuld, die nicht seine ist, und muss zurück.|Un jeune lion fuit une faute qui n'est pas la sienne, et doit revenir.|Un joven león huye de una culpa que no es suya, y tiene que volver.
27205|Ein Dieb, der in Träume einbricht, soll diesmal etwas dort lassen.|Un voleur qui s'introduit dans les rêves doit cette fois y laisser quelque chose.|Un ladrón que entra en los sueños debe esta vez dejar algo dentro.
157336|Ein Pilot verlässt seine Tochter, um hinter einem Wurmloch eine Erde zu finden, auf der noch etwas wächst.|Un pilote quitte sa fille pour chercher, derrière un trou de ver, une terre où quelque chose pousse encore.|Un piloto deja a su hija para buscar, tras un agujero de gusano, una tierra donde aún crezca algo.
496243|Eine arme Familie zieht, einer nach dem anderen, als Personal bei einer reichen ein.|Une famille pauvre s'installe, l'un après l'autre, comme personnel chez une famille riche.|Una familia pobre entra, uno tras otro, a servir en casa de una rica.
900001|Zum letzten Mal zündet sie das Licht an, und vom Meer her antwortet jemand.|Pour la dernière fois elle allume la lampe, et quelqu'un répond depuis la mer.|Enciende la lámpara por última vez, y alguien responde desde el mar.
`;

const columns: readonly string[] = ['de', 'fr', 'es'];

const overviews = new Map(
  table
    .trim()
    .split('\n')
    .map((line) => {
      const [id, ...texts] = line.split('|');
      return [Number(id), texts] as const;
    }),
);

/** `undefined` where a sentence about the film must do. */
export function localOverview(id: number, language: string): string | undefined {
  return overviews.get(id)?.[columns.indexOf(language)];
}
