/** Well-known films, one paragraph each, read by famous-films.ts. Facts are public; the sentences are our own. */
export const filmsFrom1995 = `
807 Se7en / Se7en [en] (1995-09-22, 127 min, R, tt0114369) Crime, Mystery, Thriller
by David Fincher #7467
with Brad Pitt #287 as Detective David Mills; Morgan Freeman #192 as Detective William Somerset; Gwyneth Paltrow #12052 as Tracy Mills; R. Lee Ermey #8655 as Police Captain
about serial killer, police investigation, sin, big city
One detective has a week left, the other a week behind him, and somebody is working through a list of sins.

629 The Usual Suspects / The Usual Suspects [en] (1995-07-19, 106 min, R, tt0114814) Drama, Crime, Thriller
by Bryan Singer #9032
with Stephen Baldwin #9045 as Michael McManus; Gabriel Byrne #5168 as Dean Keaton; Benicio del Toro #1121 as Fred Fenster; Kevin Pollak #7166 as Todd Hockney; Kevin Spacey #1979 as Roger "Verbal" Kint
about unreliable narrator, heist, police investigation, underworld
The only man to limp away from a burning ship tells a customs agent about a name that frightens hard men.

862 Toy Story / Toy Story [en] (1995-11-22, 81 min, G, tt0114709) Family, Comedy, Animation, Adventure
by John Lasseter #7879
with Tom Hanks #31 as Woody (voice); Tim Allen #12898 as Buzz Lightyear (voice); Don Rickles #7167 as Mr. Potato Head (voice); Jim Varney #12899 as Slinky Dog (voice); Wallace Shawn #12900 as Rex (voice)
about toy, friendship, rivalry, childhood
A cowboy doll has been the favourite for years; then a birthday brings a spaceman who does not know he is a toy.

275 Fargo / Fargo [en] (1996-03-08, 98 min, R, tt0116282) Crime, Drama, Thriller
by Joel Coen #1223
with Frances McDormand #3910 as Marge Gunderson; William H. Macy #3905 as Jerry Lundegaard; Steve Buscemi #884 as Carl Showalter; Peter Stormare #53 as Gaear Grimsrud
about kidnapping, small town, winter, police investigation
A car salesman has his own wife kidnapped for the ransom, and a police chief with a baby on the way drives out into the snow.

627 Trainspotting / Trainspotting [en] (1996-02-23, 94 min, R, tt0117951) Drama, Crime
by Danny Boyle #2034
with Ewan McGregor #3061 as Renton; Ewen Bremner #1125 as Spud; Jonny Lee Miller #9012 as Sick Boy; Kevin McKidd #9013 as Tommy; Robert Carlyle #18023 as Begbie
about drug addiction, friendship, poverty, betrayal
A young man in Edinburgh decides to give up heroin, which means giving up his friends as well.

18 The Fifth Element / Le Cinquième Élément [fr] (1997-05-02, 126 min, PG-13, tt0119116) Science Fiction, Action, Adventure
by Luc Besson #59
with Bruce Willis #62 as Korben Dallas; Gary Oldman #64 as Zorg; Ian Holm #65 as Cornelius; Milla Jovovich #63 as Leeloo; Chris Tucker #66 as Ruby Rhod
about taxi, space travel, big city, chosen one
A taxi driver with few licence points left has the future of all living things drop through his roof.

128 Princess Mononoke / もののけ姫 [ja] (1997-07-12, 134 min, PG-13, tt0119698) Adventure, Fantasy, Animation
by Hayao Miyazaki #608
with Yoji Matsuda #622 as Ashitaka; Yuriko Ishida #20330 as San; Yuko Tanaka #20331 as Eboshi; Kaoru Kobayashi #20332 as Jiko-bō
about forest spirit, curse, nature, wolf
A cursed prince comes between an ironworks that feeds the poor and the gods of the forest it is eating.

637 Life Is Beautiful / La vita è bella [it] (1997-12-20, 116 min, PG-13, tt0118799) Comedy, Drama
by Roberto Benigni #4818
with Roberto Benigni #4818 as Guido; Nicoletta Braschi #9235 as Dora; Giorgio Cantarini #9236 as Giosuè; Giustino Durano #9237 as Zio
about holocaust, father and son, second world war, game
A waiter who charmed a teacher with his jokes has to invent one more, for their small son, behind the wire.

115 The Big Lebowski / The Big Lebowski [en] (1998-03-06, 117 min, R, tt0118715) Comedy, Crime
by Joel Coen #1223
with Jeff Bridges #1229 as The Dude; John Goodman #1230 as Walter Sobchak; Julianne Moore #1231 as Maude Lebowski; Steve Buscemi #884 as Donny; Philip Seymour Hoffman #1233 as Brandt
about bowling, mistaken identity, kidnapping, carpet
An idle man wants somebody to pay for his carpet and is hired, threatened and lied to instead.

857 Saving Private Ryan / Saving Private Ryan [en] (1998-07-24, 169 min, R, tt0120815) War, Drama, History
by Steven Spielberg #488
with Tom Hanks #31 as Captain John H. Miller; Tom Sizemore #3197 as Sgt. Mike Horvath; Edward Burns #12833 as Pvt. Richard Reiben; Barry Pepper #12834 as Pvt. Daniel Jackson; Matt Damon #1892 as Pvt. James Ryan
about second world war, rescue mission, soldier, brothers
Eight men who came through the beach are sent inland for one, because his mother has lost enough.

603 The Matrix / The Matrix [en] (1999-03-31, 136 min, R, tt0133093) Action, Science Fiction
by Lilly Wachowski #9339; Lana Wachowski #9340
with Keanu Reeves #6384 as Neo; Laurence Fishburne #2975 as Morpheus; Carrie-Anne Moss #530 as Trinity; Hugo Weaving #1331 as Agent Smith; Joe Pantoliano #532 as Cypher
about artificial mind, chosen one, dystopia, hacker
A programmer with a second name is offered two pills and wakes up in the year everybody else sleeps through.

745 The Sixth Sense / The Sixth Sense [en] (1999-08-06, 107 min, PG-13, tt0167404) Mystery, Thriller, Drama
by M. Night Shyamalan #11614
with Bruce Willis #62 as Malcolm Crowe; Haley Joel Osment #9640 as Cole Sear; Toni Collette #3051 as Lynn Sear; Olivia Williams #11616 as Anna Crowe
about ghost, psychiatrist, childhood, mother and son
A child psychologist gets a second chance with a frightened boy who says whom he can see.

14 American Beauty / American Beauty [en] (1999-09-15, 122 min, R, tt0169547) Drama
by Sam Mendes #39
with Kevin Spacey #1979 as Lester Burnham; Annette Bening #516 as Carolyn Burnham; Thora Birch #2155 as Jane Burnham; Wes Bentley #8210 as Ricky Fitts; Mena Suvari #8211 as Angela Hayes
about midlife crisis, suburb, marriage, neighbour
A man with a year to live, though he does not know it, gives notice to his job and to good behaviour.

550 Fight Club / Fight Club [en] (1999-10-15, 139 min, R, tt0137523) Drama, Thriller
by David Fincher #7467
with Edward Norton #819 as Narrator; Brad Pitt #287 as Tyler Durden; Helena Bonham Carter #1283 as Marla Singer; Meat Loaf #7470 as Robert "Bob" Paulson; Jared Leto #7499 as Angel Face
about insomnia, double life, rebellion, unreliable narrator
An office worker who cannot sleep founds a secret brawling society with a soap maker, and it stops asking his permission.

497 The Green Mile / The Green Mile [en] (1999-12-10, 189 min, R, tt0120689) Fantasy, Drama, Crime
by Frank Darabont #4027
with Tom Hanks #31 as Paul Edgecomb; David Morse #52 as Brutus "Brutal" Howell; Michael Clarke Duncan #61981 as John Coffey; Bonnie Hunt #5149 as Jan Edgecomb; Sam Rockwell #6807 as "Wild Bill" Wharton
about prison, miracle, death penalty, supernatural power
The guards of a death row receive a giant who is afraid of the dark and whose hands can do what hands cannot.

98 Gladiator / Gladiator [en] (2000-05-04, 155 min, R, tt0172495) Action, Drama, Adventure
by Ridley Scott #578
with Russell Crowe #934 as Maximus; Joaquin Phoenix #73421 as Commodus; Connie Nielsen #935 as Lucilla; Oliver Reed #936 as Proximo; Djimon Hounsou #938 as Juba
about ancient rome, revenge, slavery, emperor
The emperor's best general becomes a slave, then a fighter, and then the one man the new emperor has to look in the eye.

77 Memento / Memento [en] (2000-10-11, 113 min, R, tt0209144) Mystery, Thriller
by Christopher Nolan #525
with Guy Pearce #529 as Leonard Shelby; Carrie-Anne Moss #530 as Natalie; Joe Pantoliano #532 as Teddy; Mark Boone Junior #534 as Burt
about memory loss, revenge, unreliable narrator, tattoo
A man who forgets everything after ten minutes hunts his wife's killer with photographs, ink and no one to trust.

843 In the Mood for Love / 花樣年華 [cn] (2000-09-29, 99 min, PG, tt0118694) Drama, Romance
by Wong Kar-Wai #12453
with Tony Leung Chiu-wai #1337 as Chow Mo-wan; Maggie Cheung #1338 as Su Li-zhen
about neighbour, marriage, loneliness, lost love
Two neighbours find out what their wife and husband are doing, and resolve not to be like them.

194 Amélie / Le Fabuleux Destin d'Amélie Poulain [fr] (2001-04-25, 122 min, R, tt0211915) Comedy, Romance
by Jean-Pierre Jeunet #2419
with Audrey Tautou #2405 as Amélie Poulain; Mathieu Kassovitz #2406 as Nino Quincampoix; Rufus #2407 as Raphaël Poulain; Serge Merlin #2410 as Raymond Dufayel
about big city, shyness, first love, kindness
A shy waitress in Montmartre starts to arrange small happiness for other people and leaves her own for last.

129 Spirited Away / 千と千尋の神隠し [ja] (2001-07-20, 125 min, PG, tt0245429) Animation, Family, Fantasy
by Hayao Miyazaki #608
with Rumi Hiiragi #19587 as Chihiro Ogino; Miyu Irino #19588 as Haku; Mari Natsuki #19589 as Yubaba
about witch, bathhouse, courage, forest spirit
A sulky girl has to work in a bath house for spirits to win back her name and her parents, who ate too much.

120 The Lord of the Rings: The Fellowship of the Ring / The Lord of the Rings: The Fellowship of the Ring [en] (2001-12-18, 179 min, PG-13, tt0120737) Adventure, Fantasy, Action
by Peter Jackson #108
with Elijah Wood #109 as Frodo Baggins; Ian McKellen #1327 as Gandalf; Cate Blanchett #112 as Galadriel; Orlando Bloom #114 as Legolas; Sean Bean #48 as Boromir; Viggo Mortensen #110 as Aragorn
about quest, wizard, friendship, magic ring
A small person inherits a ring that has to be carried where it was made, and eight others offer to come along.

121 The Lord of the Rings: The Two Towers / The Lord of the Rings: The Two Towers [en] (2002-12-18, 179 min, PG-13, tt0167261) Adventure, Fantasy, Action
by Peter Jackson #108
with Elijah Wood #109 as Frodo Baggins; Ian McKellen #1327 as Gandalf; Viggo Mortensen #110 as Aragorn; Sean Astin #1328 as Sam; Andy Serkis #1333 as Gollum
about quest, wizard, last stand, magic ring
The company is broken in three: two walk east with a guide who wants what they carry, and a fortress waits for the night.

122 The Lord of the Rings: The Return of the King / The Lord of the Rings: The Return of the King [en] (2003-12-17, 201 min, PG-13, tt0167260) Adventure, Fantasy, Action
by Peter Jackson #108
with Elijah Wood #109 as Frodo Baggins; Ian McKellen #1327 as Gandalf; Viggo Mortensen #110 as Aragorn; Sean Astin #1328 as Sam; Andy Serkis #1333 as Gollum
about quest, wizard, future war, magic ring
An heir takes up what he had put off, an army rides to draw one eye away, and two friends climb.

598 City of God / Cidade de Deus [pt] (2002-08-30, 129 min, R, tt0317248) Drama, Crime
by Fernando Meirelles #8557
with Alexandre Rodrigues #8595 as Buscapé; Leandro Firmino #8596 as Zé Pequeno; Phellipe Haagensen #8597 as Bené; Douglas Silva #8598 as Dadinho
about poverty, gang, photographer, childhood
A boy with a camera grows up where another boy grows up with a gun.

12 Finding Nemo / Finding Nemo [en] (2003-05-30, 100 min, G, tt0266543) Animation, Family
by Andrew Stanton #7
with Albert Brooks #13 as Marlin (voice); Ellen DeGeneres #14 as Dory (voice); Alexander Gould #12 as Nemo (voice); Willem Dafoe #5293 as Gill (voice)
about ocean, father and son, fish, memory loss
A very careful fish crosses an ocean with a very forgetful one to get back his son.

24 Kill Bill: Vol. 1 / Kill Bill: Vol. 1 [en] (2003-10-10, 111 min, R, tt0266697) Action, Crime
by Quentin Tarantino #138
with Uma Thurman #139 as The Bride; Lucy Liu #140 as O-Ren Ishii; Vivica A. Fox #2535 as Vernita Green; Daryl Hannah #589 as Elle Driver; David Carradine #141 as Bill
about revenge, martial arts, hitman, sword
A bride who was shot at her wedding wakes after four years with a list of five names.

670 Oldboy / 올드보이 [ko] (2003-11-21, 120 min, R, tt0364569) Drama, Thriller, Mystery, Action
by Park Chan-wook #10099
with Choi Min-sik #64880 as Oh Dae-su; Yoo Ji-tae #10112 as Lee Woo-jin; Kang Hye-jung #1299317 as Mi-do
about revenge, captivity, hammer, secret
A man is kept in a room for fifteen years and then let out with a suit, a phone and a question.
`;
