import { afterAll, beforeAll, describe, expect, test } from 'bun:test';
import { openTestApi, type TestApi } from '#tests/support/api/api-fixture.ts';
import { type ListAnswer, putMovies } from '#tests/support/api/browse-fixture.ts';

/** Title, year, votes, and the original title where it is another one. Written by hand, so that every clone has them. */
const films: [title: string, year: number, votes: number, original?: string][] = [
  ['[REC]', 2007, 4000],
  ['[REC]²', 2009, 1800],
  ['Alien', 1979, 15_000],
  ['Alien³', 1992, 6000],
  ['8½', 1963, 2500],
  ['Nine 1/2 Weeks', 1986, 1000],
  ["Howl's Moving Castle", 2004, 10_000, 'ハウルの動く城'],
  ['Paprika', 2006, 2600, 'パプリカ'],
  ['A Separation', 2011, 1900, 'جدایی نادر از سیمین'],
  ['Mosul', 2019, 200, 'الموصل'],
  ['Wadjda', 2012, 500, 'وجدة'],
  ['It Must Be Heaven', 2019, 170, 'إن شئت كما في السماء'],
  ['Battleship Potemkin', 1925, 1300, 'Броненосец Потёмкин'],
  ['Dogtooth', 2009, 2600, 'Κυνόδοντας'],
  ['Big Bad Wolves', 2013, 300, 'מי מפחד מהזאב הרע'],
  ['Parasite', 2019, 19_000, '기생충'],
  ['Like Stars on Earth', 2007, 1200, 'तारे ज़मीन पर'],
  ['Ong Bak: Muay Thai Warrior', 2003, 1500, 'องค์บาก'],
  ['Wings of Desire', 1987, 1100, 'Der Himmel über Berlin'],
  ['The White Ribbon', 2009, 1100, 'Das weiße Band'],
  ['Let the Right One In', 2008, 3200, 'Låt den rätte komma in'],
  ['Dead Snow', 2009, 1100, 'Død snø'],
  ['Knife in the Water', 1962, 400, 'Nóż w wodzie'],
  ['The Bandit', 1996, 240, 'Eşkıya'],
  ['The Scent of Green Papaya', 1993, 170, 'Mùi đu đủ xanh'],
  ['Rocky', 1976, 8000],
  ['Rocky II', 1979, 4000],
  ['Rocky V', 1990, 2900],
  ['Fast X', 2023, 6000],
  ['Malcolm X', 1992, 1500],
  ['V for Vendetta', 2006, 14_000],
  ["Ocean's Eleven", 2001, 12_000],
  ['Se7en', 1995, 20_000],
  ['101 Dalmatians', 1996, 3000],
  ['The Legend of Drunken Master', 1994, 1000, '醉拳二'],
  ['A.I. Artificial Intelligence', 2001, 6400],
  ['Ai Weiwei: Never Sorry', 2012, 80],
  ['E.T. the Extra-Terrestrial', 1982, 11_000],
  ['S.W.A.T.', 2003, 2600],
  ['M*A*S*H', 1970, 900],
  ['The Imitation Game', 2014, 17_000],
  ['The Imitation', 1990, 2],
  ['Initiation', 2020, 60],
  ['2001: A Space Odyssey', 1968, 12_000],
  ['2001 Maniacs', 2005, 280],
  ['Citizen Kane', 1941, 5500],
  ['Citizen K', 2019, 2],
  ['Doctor Dolittle', 1998, 3100],
  ['Dr. Dolittle 2', 2001, 1700],
  ['Mr. & Mrs. Smith', 2005, 9000],
  ['Kramer vs. Kramer', 1979, 2000],
  ['Tristan & Isolde', 2006, 900],
  ['Fast & Furious', 2009, 7000],
  ['2 Fast 2 Furious', 2003, 7900],
  ['The Grey', 2012, 4000],
  ['The Dark Knight', 2008, 33_000],
  ['The Dark Knight Rises', 2012, 23_000],
  ['Spider-Man', 2002, 19_000],
  ['Spider-Man: Far From Home', 2019, 15_000],
  ['#Alive', 2020, 1900],
  ['Alive', 1993, 2500],
  ['mother!', 2017, 900],
  ['Mother', 2009, 1600],
  ['The Matrix', 1999, 26_000],
  ['The Matrix Reloaded', 2003, 11_000],
  ['1917', 2019, 13_000],
  ['2012', 2009, 12_000],
  ['Blade Runner', 1982, 14_000],
  ['Blade Runner 2049', 2017, 14_000],
  ['Solaris', 1972, 1400],
  ['Solaris', 2002, 1900],
  ['Wonder Woman', 2017, 19_000],
  ['Wonder Woman 1984', 2020, 8800],
];

let api: TestApi;
beforeAll(async () => {
  api = await openTestApi({ config: { rateLimit: false } });
  await putMovies(
    api.pool,
    films.map(([title, year, votes, original], index) => ({
      tmdb_id: index + 1,
      title,
      original_title: original ?? title,
      popularity: 1 + votes / 1000,
      vote_count: votes,
      release_date: `${year}-06-01`,
    })),
  );
});
afterAll(() => api[Symbol.asyncDispose]());

async function first(query: string): Promise<string | undefined> {
  const answer: ListAnswer = await (await api.get(`/api/movies?query=${encodeURIComponent(query)}`)).json();
  const film = films[(answer.data[0]?.tmdb_id ?? 0) - 1];
  return film && `${film[0]} ${film[1]}`;
}

const kinds: Record<string, [query: string, film: string][]> = {
  'compatibility characters': [
    ['[rec]²', '[REC]² 2009'],
    ['rec 2', '[REC]² 2009'],
    ['[rec]', '[REC] 2007'],
    ['alien 3', 'Alien³ 1992'],
    ['alien³', 'Alien³ 1992'],
    ['8 1/2', '8½ 1963'],
    ['8½', '8½ 1963'],
    ['9½ weeks', 'Nine 1/2 Weeks 1986'],
    ['nine and a half weeks', 'Nine 1/2 Weeks 1986'],
    ['ﾊｳﾙの動く城', "Howl's Moving Castle 2004"],
    ['はうるの動く城', "Howl's Moving Castle 2004"],
    ['ﾊﾟﾌﾟﾘｶ', 'Paprika 2006'],
    ['Ｔｈｅ　Ｍａｔｒｉｘ', 'The Matrix 1999'],
    ['rocky Ⅴ', 'Rocky V 1990'],
    ['the matrix™', 'The Matrix 1999'],
  ],
  'letters of other keyboards': [
    ['جدايي نادر از سيمين', 'A Separation 2011'],
    ['المَوصِل', 'Mosul 2019'],
    ['المـوصل', 'Mosul 2019'],
    ['وجده', 'Wadjda 2012'],
    ['ان شئت', 'It Must Be Heaven 2019'],
    ['потемкин', 'Battleship Potemkin 1925'],
    ['ΚΥΝΟΔΟΝΤΑΣ', 'Dogtooth 2009'],
    ['κυνοδοντασ', 'Dogtooth 2009'],
    ['מִי מְפַחֵד מֵהַזְּאֵב', 'Big Bad Wolves 2013'],
    ['기생', 'Parasite 2019'],
    ['तारे जमीन पर', 'Like Stars on Earth 2007'],
    ['องคบาก', 'Ong Bak: Muay Thai Warrior 2003'],
    ['der himmel ueber berlin', 'Wings of Desire 1987'],
    ['das weisse band', 'The White Ribbon 2009'],
    ['laat den raette komma in', 'Let the Right One In 2008'],
    ['doed snoe', 'Dead Snow 2009'],
    ['noz w wodzie', 'Knife in the Water 1962'],
    ['ESKIYA', 'The Bandit 1996'],
    ['mui du du xanh', 'The Scent of Green Papaya 1993'],
  ],
  numbers: [
    ['rocky 5', 'Rocky V 1990'],
    ['rocky five', 'Rocky V 1990'],
    ['rocky 2', 'Rocky II 1979'],
    ['fast 10', 'Fast X 2023'],
    ['malcolm x', 'Malcolm X 1992'],
    ['v for vendetta', 'V for Vendetta 2006'],
    ["ocean's 11", "Ocean's Eleven 2001"],
    ['se7en', 'Se7en 1995'],
    ['one hundred and one dalmatians', '101 Dalmatians 1996'],
    ['醉拳2', 'The Legend of Drunken Master 1994'],
  ],
  initials: [
    ['a.i.', 'A.I. Artificial Intelligence 2001'],
    ['ai', 'A.I. Artificial Intelligence 2001'],
    ['a i', 'A.I. Artificial Intelligence 2001'],
    ['et', 'E.T. the Extra-Terrestrial 1982'],
    ['e.t.', 'E.T. the Extra-Terrestrial 1982'],
    ['swat', 'S.W.A.T. 2003'],
    ['s w a t', 'S.W.A.T. 2003'],
    ['mash', 'M*A*S*H 1970'],
  ],
  'as one types': [
    ['the imi', 'The Imitation Game 2014'],
    ['the imitation', 'The Imitation Game 2014'],
    ['2001', '2001: A Space Odyssey 1968'],
    ['citizen k', 'Citizen Kane 1941'],
    ['the dark k', 'The Dark Knight 2008'],
    ['dark knig', 'The Dark Knight 2008'],
  ],
  'equal words': [
    ['dr dolittle', 'Doctor Dolittle 1998'],
    ['doctor dolittle 2', 'Dr. Dolittle 2 2001'],
    ['mister and mrs smith', 'Mr. & Mrs. Smith 2005'],
    ['kramer versus kramer', 'Kramer vs. Kramer 1979'],
    ['tristan und isolde', 'Tristan & Isolde 2006'],
    ['fast furious', 'Fast & Furious 2009'],
    ['the gray', 'The Grey 2012'],
  ],
  'joined and split words': [
    ['darkknight', 'The Dark Knight 2008'],
    ['thedarkknightrises', 'The Dark Knight Rises 2012'],
    ['spiderman', 'Spider-Man 2002'],
    ['spider man', 'Spider-Man 2002'],
    ['far from home spiderman', 'Spider-Man: Far From Home 2019'],
  ],
  'signs decide between equals': [
    ['#alive', '#Alive 2020'],
    ['alive', 'Alive 1993'],
    ['mother!', 'mother! 2017'],
    ['mother', 'Mother 2009'],
  ],
  'names of files, and years': [
    ['the.matrix.1999', 'The Matrix 1999'],
    ['The.Matrix.Reloaded.2003.1080p.BluRay.x264-GROUP', 'The Matrix Reloaded 2003'],
    ['the_matrix_1999', 'The Matrix 1999'],
    ['Matrix, The', 'The Matrix 1999'],
    ['the matrix full movie', 'The Matrix 1999'],
    ['1917', '1917 2019'],
    ['1917.2019.1080p', '1917 2019'],
    ['2012', '2012 2009'],
    ['2012 2009', '2012 2009'],
    ['blade runner 2049', 'Blade Runner 2049 2017'],
    ['blade runner 1982', 'Blade Runner 1982'],
    ['solaris 1972', 'Solaris 1972'],
    ['solaris 2002', 'Solaris 2002'],
    ['solaris 1973', 'Solaris 1972'],
    ['wonder woman 1984', 'Wonder Woman 1984 2020'],
    ['wonder woman 2017', 'Wonder Woman 2017'],
  ],
};

for (const [kind, cases] of Object.entries(kinds))
  describe(kind, () => {
    test.each(cases)('%p finds %p first', async (query, film) => {
      expect(await first(query)).toBe(film);
    });
  });

test('filters hold for a title that is just what was asked for', async () => {
  const answer: ListAnswer = await (await api.get('/api/movies?query=solaris&year=1972')).json();
  expect(answer.data.map(({ tmdb_id }) => films[tmdb_id - 1]?.[1])).toEqual([1972]);
});
