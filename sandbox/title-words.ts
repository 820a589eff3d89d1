/** Vocabulary for invented titles. */
export const adjectives =
  'Silent Crimson Last Distant Hidden Broken Golden Lonely Burning Frozen Forgotten Restless Hollow Gentle Bitter Wild Electric Paper Midnight Second Narrow Endless Quiet Borrowed Savage Pale Stolen Secret Velvet Rusty Unfinished Perfect Little Ordinary Impossible Northern Blue Empty Crooked Brave'.split(
    ' ',
  );

export const seasons = ['Spring', 'Summer', 'Autumn', 'Winter', 'May', 'August', 'November', 'December'];

export const places =
  'Lisbon,Halverstad,Marrow Bay,Kettle Creek,Odessa,Saint-Malo,Ravenmoor,Trieste,Ash Harbour,Montevideo,Juniper Falls,Kyoto,Blackwater,Tangier,Elm Street,Port Anselm,Veracruz,Low Meadow,Tallinn,Copper Ridge'.split(
    ',',
  );

export const subtitles = [
  'Retribution',
  'The Return',
  'Homecoming',
  'Afterlight',
  'No Way Back',
  'The Reckoning',
  'Origins',
  'Farewell',
];

export const nounsByGenre: Readonly<Record<number, readonly string[]>> = {
  28: 'Pursuit Fist Convoy Target Fuse Mercenary Bullet Bridge Impact Outrider Strike Detonator'.split(' '),
  12: 'Expedition Compass Island Voyage Treasure Jungle Horizon Caravan Lantern Map Summit Atoll'.split(' '),
  16: 'Dragon Toymaker Kite Fox Pebble Acorn Whale Clockmouse Cloud Button Hedgehog Star'.split(' '),
  35: 'Wedding Neighbour Holiday Landlord Uncle Waiter Honeymoon Reunion Parrot Tenant Divorce Picnic'.split(
    ' ',
  ),
  80: 'Witness Alibi Heist Informer Verdict Accomplice Ledger Warden Debt Getaway Safe Syndicate'.split(' '),
  99: 'Archive River Portrait Harvest Orchestra Mine Glacier Workshop Border Election Factory Reef'.split(
    ' ',
  ),
  18: 'Orchard Letter Daughter House Inheritance Harbour Silence Mother Promise Garden Road Son'.split(' '),
  10751: 'Puppy Treehouse Circus Lighthouse Sledge Pony Snowman Attic Birthday Balloon Camp Bakery'.split(
    ' ',
  ),
  14: 'Sorcerer Crown Tower Oath Mirror Raven Kingdom Amulet Thorn Witch Gate Enchanter'.split(' '),
  36: 'Regiment Queen Treaty Empire Siege Cathedral Duke Rebellion Chronicle Senator Voyage Plague'.split(
    ' ',
  ),
  27: 'Crypt Whisper Cellar Scarecrow Curse Asylum Veil Hunger Doll Graveyard Shadow Thing'.split(' '),
  10402: 'Melody Drummer Encore Chorus Ballad Trumpet Rehearsal Refrain Piano Waltz Stage Rhythm'.split(' '),
  9648: 'Cipher Stranger Key Disappearance Clue Corridor Photograph Lodger Riddle Study Fog Mask'.split(' '),
  10749: 'Kiss Heart Embrace Valentine Serenade Stranger Balcony Rose Rendezvous Bride Postcard Dance'.split(
    ' ',
  ),
  878: 'Orbit Android Signal Colony Nebula Paradox Probe Satellite Replica Station Eclipse Machine'.split(
    ' ',
  ),
  10770:
    'Widow Secret Nurse Christmas Custody Cottage Sister Innkeeper Verdict Holiday Surrogate Anniversary'.split(
      ' ',
    ),
  53: 'Trap Countdown Hostage Passenger Wire Pretender Deadline Ambush Silence Intruder Bait Courier'.split(
    ' ',
  ),
  10752:
    'Trench Battalion Airfield Armistice Sniper Convoy Fortress Bunker Platoon Front Nurse Retreat'.split(
      ' ',
    ),
  37: 'Sheriff Saddle Outlaw Canyon Noose Stagecoach Prairie Revolver Drifter Mesa Homestead Train'.split(
    ' ',
  ),
};

export interface Tongue {
  language: string;
  english: string;
  native: string;
  country: string;
  countryName: string;
  /** Titles are one of `first` joined to one of `second`. */
  first: readonly string[];
  second: readonly string[];
  joint: string;
}

const tongue = (
  codes: string,
  native: string,
  countryName: string,
  first: string,
  second: string,
  joint = ' ',
): Tongue => {
  const [language = '', english = '', country = ''] = codes.split(' ');
  return {
    language,
    english,
    native,
    country,
    countryName,
    first: first.split('|'),
    second: second.split('|'),
    joint,
  };
};

/** Languages of the generated movies besides English, each with a script and grammar of its own. */
export const tongues: readonly Tongue[] = [
  tongue(
    'fr French FR',
    'Français',
    'France',
    'Le Dernier|Le Long|Le Premier',
    'Été|Château|Secret|Garçon|Hôtel',
  ),
  tongue(
    'de German DE',
    'Deutsch',
    'Germany',
    'Das letzte|Das stille|Das fünfte',
    'Haus|Mädchen|Märchen|Glück',
  ),
  tongue(
    'es Spanish ES',
    'Español',
    'Spain',
    'El último|El pequeño|El otro',
    'verano|niño|corazón|camino|otoño',
  ),
  tongue(
    'pt Portuguese BR',
    'Português',
    'Brazil',
    'O último|O outro|O velho',
    'verão|coração|irmão|rio|sertão',
  ),
  tongue(
    'ja Japanese JP',
    '日本語',
    'Japan',
    '静かな|最後の|遠い|夜の|失われた',
    '海|町|家|約束|列車|手紙|森',
    '',
  ),
  tongue(
    'ko Korean KR',
    '한국어',
    'South Korea',
    '조용한|붉은|마지막|먼|잃어버린',
    '바다|도시|집|약속|기차|편지',
  ),
  tongue('zh Mandarin CN', '普通话', 'China', '寂静的|红色的|最后的|远方的', '海|城市|家|约定|列车|森林', ''),
  tongue('ru Russian RU', 'Русский', 'Russia', 'Последний|Тихий|Далёкий|Чужой', 'город|берег|поезд|дом|мост'),
  tongue('hi Hindi IN', 'हिन्दी', 'India', 'आखिरी|लाल|खोया|नया', 'घर|शहर|रास्ता|वादा'),
  tongue('ar Arabic EG', 'العربية', 'Egypt', 'البيت|الطريق|القطار|البحر', 'الأخير|البعيد|الهادئ|الأحمر'),
  tongue('el Greek GR', 'ελληνικά', 'Greece', 'Ο τελευταίος|Ο μακρύς', 'δρόμος|χειμώνας|ουρανός|κήπος'),
  tongue('pl Polish PL', 'Polski', 'Poland', 'Ostatni|Cichy|Drugi', 'pociąg|dom|świadek|mąż'),
];

export const english: Tongue = tongue('en English US', 'English', 'United States of America', '', '');
