/** Well-known films, one paragraph each, read by famous-films.ts. Facts are public; the sentences are our own. */
export const filmsFrom1980 = `
1891 The Empire Strikes Back / The Empire Strikes Back [en] (1980-05-20, 124 min, PG, tt0080684) Adventure, Action, Science Fiction
by Irvin Kershner #10930
with Mark Hamill #2 as Luke Skywalker; Harrison Ford #3 as Han Solo; Carrie Fisher #4 as Princess Leia; Billy Dee Williams #3799 as Lando Calrissian
about space opera, rebellion, father and son, robot
Scattered by an attack on their frozen base, the rebels run, and their youngest pilot learns from a very small teacher and a very hard truth.

694 The Shining / The Shining [en] (1980-05-23, 144 min, R, tt0081505) Horror, Thriller
by Stanley Kubrick #240
with Jack Nicholson #514 as Jack Torrance; Shelley Duvall #10409 as Wendy Torrance; Danny Lloyd #10410 as Danny Torrance; Scatman Crothers #7077 as Dick Hallorann
about haunted house, madness, winter, writer
A writer takes his family to look after an empty hotel through the snow months, and the hotel looks after him.

85 Raiders of the Lost Ark / Raiders of the Lost Ark [en] (1981-06-12, 115 min, PG, tt0082971) Adventure, Action
by Steven Spielberg #488
with Harrison Ford #3 as Indiana Jones; Karen Allen #650 as Marion; Paul Freeman #652 as Belloq; Ronald Lacey #653 as Toht; John Rhys-Davies #655 as Sallah
about archaeologist, treasure hunt, desert, second world war
A professor with a whip races an army to a box that ought to have stayed under the sand.

387 Das Boot / Das Boot [de] (1981-09-17, 150 min, R, tt0082096) Drama, History, War
by Wolfgang Petersen #5231
with Jürgen Prochnow #920 as Kapitänleutnant; Herbert Grönemeyer #5228 as Leutnant Werner; Klaus Wennemann #5229 as Chief Engineer
about submarine, second world war, survival, ocean
Forty-odd men in a steel tube cross the Atlantic between boredom and terror.

78 Blade Runner / Blade Runner [en] (1982-06-25, 118 min, R, tt0083658) Science Fiction, Drama, Thriller
by Ridley Scott #578
with Harrison Ford #3 as Rick Deckard; Rutger Hauer #585 as Roy Batty; Sean Young #586 as Rachael; Edward James Olmos #587 as Gaff; Daryl Hannah #589 as Pris
about android, dystopia, bounty hunter, big city
In a city of rain a tired policeman hunts four artificial people who have come home to ask for more life.

601 E.T. the Extra-Terrestrial / E.T. the Extra-Terrestrial [en] (1982-06-11, 115 min, PG, tt0083866) Adventure, Family, Fantasy, Science Fiction
by Steven Spielberg #488
with Henry Thomas #9976 as Elliott; Drew Barrymore #69597 as Gertie; Robert MacNaughton #9978 as Michael; Dee Wallace #62001 as Mary; Peter Coyote #9979 as Keys
about alien contact, friendship, childhood, homesickness
A lonely boy hides a visitor in his wardrobe who would like to telephone home.

1091 The Thing / The Thing [en] (1982-06-25, 109 min, R, tt0084787) Horror, Mystery, Science Fiction
by John Carpenter #11770
with Kurt Russell #6856 as MacReady; Wilford Brimley #11065 as Blair; Keith David #65827 as Childs; T.K. Carter #15411 as Nauls
about creature, winter, paranoia, survival
Twelve men in the ice learn that one of them, at least one, is a very good copy.

1892 Return of the Jedi / Return of the Jedi [en] (1983-05-25, 132 min, PG, tt0086190) Adventure, Action, Science Fiction
by Richard Marquand #19800
with Mark Hamill #2 as Luke Skywalker; Harrison Ford #3 as Han Solo; Carrie Fisher #4 as Princess Leia; Billy Dee Williams #3799 as Lando Calrissian
about space opera, rebellion, father and son, robot
A rescue in the dunes, a shield to bring down on a moon of forests, and a son who will not believe his father is lost.

218 The Terminator / The Terminator [en] (1984-10-26, 108 min, R, tt0088247) Action, Thriller, Science Fiction
by James Cameron #2710
with Arnold Schwarzenegger #1100 as Terminator; Michael Biehn #2712 as Kyle Reese; Linda Hamilton #2713 as Sarah Connor; Paul Winfield #1818 as Lieutenant Ed Traxler
about time travel, killer robot, future war, on the run
A waitress is hunted by a machine from a war that has not begun, for the sake of a son she does not have.

620 Ghostbusters / Ghostbusters [en] (1984-06-08, 107 min, PG, tt0087332) Comedy, Fantasy
by Ivan Reitman #8858
with Bill Murray #1532 as Peter Venkman; Dan Aykroyd #707 as Raymond Stantz; Sigourney Weaver #10205 as Dana Barrett; Harold Ramis #1524 as Egon Spengler; Rick Moranis #8872 as Louis Tully
about ghost, big city, scientist, small business
Three scientists thrown out of their university go into pest control for the dead, just in time.

105 Back to the Future / Back to the Future [en] (1985-07-03, 116 min, PG, tt0088763) Adventure, Comedy, Science Fiction
by Robert Zemeckis #24
with Michael J. Fox #521 as Marty McFly; Christopher Lloyd #1062 as Emmett Brown; Crispin Glover #1064 as George McFly; Lea Thompson #1063 as Lorraine Baines; Thomas F. Wilson #1065 as Biff Tannen
about time travel, scientist, teenager, small town
A boy lands thirty years back and has to see to it that his parents fall in love, against his mother's inclination.

679 Aliens / Aliens [en] (1986-07-18, 137 min, R, tt0090605) Action, Thriller, Science Fiction
by James Cameron #2710
with Sigourney Weaver #10205 as Ripley; Michael Biehn #2712 as Corporal Hicks; Carrie Henn #10206 as Newt; Paul Reiser #781 as Burke; Lance Henriksen #2714 as Bishop
about creature, space marine, mother and daughter, survival
The only survivor goes back with soldiers who are quite sure they can handle it.

8392 My Neighbor Totoro / となりのトトロ [ja] (1988-04-16, 86 min, G, tt0096283) Fantasy, Animation, Family
by Hayao Miyazaki #608
with Noriko Hidaka #55662 as Satsuki; Chika Sakamoto #55664 as Mei; Shigesato Itoi #55665 as Tatsuo Kusakabe; Hitoshi Takagi #55663 as Totoro
about forest spirit, childhood, sisters, countryside
Two girls move to the country while their mother is ill and find that something large and kind sleeps in the camphor tree.

12477 Grave of the Fireflies / 火垂るの墓 [ja] (1988-04-15, 89 min, NR, tt0095327) Animation, Drama, War
by Isao Takahata #628
with Tsutomu Tatsumi #72413 as Seita; Ayano Shiraishi #72414 as Setsuko; Akemi Yamaguchi #72416 as Aunt
about second world war, siblings, hunger, grief
A boy tries to keep his little sister fed and hopeful in a country that is burning.

149 Akira / AKIRA [ja] (1988-06-10, 124 min, R, tt0094625) Animation, Science Fiction, Action
by Katsuhiro Otomo #185
with Mitsuo Iwata #1678 as Shotaro Kaneda; Nozomu Sasaki #1679 as Tetsuo Shima; Mami Koyama #1680 as Kei; Taro Ishida #58158 as Colonel Shikishima
about dystopia, gang, supernatural power, big city
In a rebuilt capital a young biker comes out of an accident with a power that nobody, least of all he, can hold.

11216 Cinema Paradiso / Nuovo Cinema Paradiso [it] (1988-11-17, 124 min, PG, tt0095765) Drama, Romance
by Giuseppe Tornatore #65314
with Philippe Noiret #24366 as Alfredo; Salvatore Cascio #68635 as Totò (child); Marco Leonardi #27643 as Totò (teenager); Jacques Perrin #20030 as Totò (adult)
about film business, friendship, small town, first love
A director remembers the village picture house and the projectionist who taught him to look, and then to leave.

769 GoodFellas / GoodFellas [en] (1990-09-12, 145 min, R, tt0099685) Drama, Crime
by Martin Scorsese #1032
with Robert De Niro #380 as James "Jimmy" Conway; Ray Liotta #11477 as Henry Hill; Joe Pesci #4517 as Tommy DeVito; Lorraine Bracco #11478 as Karen Hill; Paul Sorvino #7004 as Paul Cicero
about mafia, gang, betrayal, biography
As far back as he can think he wanted to belong to the men across the street; he did, and it cost what it costs.

274 The Silence of the Lambs / The Silence of the Lambs [en] (1991-02-14, 119 min, R, tt0102926) Crime, Drama, Thriller
by Jonathan Demme #16294
with Jodie Foster #1038 as Clarice Starling; Anthony Hopkins #4173 as Hannibal Lecter; Scott Glenn #349 as Jack Crawford; Ted Levine #15854 as Jame Gumb
about serial killer, psychiatrist, police investigation, manhunt
A trainee is sent to ask an imprisoned doctor for help with a killer, and he will trade only for memories.

280 Terminator 2: Judgment Day / Terminator 2: Judgment Day [en] (1991-07-03, 137 min, R, tt0103064) Action, Thriller, Science Fiction
by James Cameron #2710
with Arnold Schwarzenegger #1100 as The Terminator; Linda Hamilton #2713 as Sarah Connor; Edward Furlong #820 as John Connor; Robert Patrick #418 as T-1000
about time travel, killer robot, mother and son, future war
Two machines come for the same boy, and the older model has been told to keep him alive.

8077 Alien³ / Alien³ [en] (1992-05-22, 114 min, R, tt0103644) Science Fiction, Action, Horror
by David Fincher #7467
with Sigourney Weaver #10205 as Ripley; Charles S. Dutton #17764 as Dillon; Charles Dance #4391 as Clemens; Lance Henriksen #2714 as Bishop II
about creature, prison, faith, survival
Her pod falls on a world of convicts without a single weapon, and she has not come alone.

137 Groundhog Day / Groundhog Day [en] (1993-02-11, 101 min, PG, tt0107048) Romance, Fantasy, Drama, Comedy
by Harold Ramis #1524
with Bill Murray #1532 as Phil; Andie MacDowell #1533 as Rita; Chris Elliott #1534 as Larry; Stephen Tobolowsky #537 as Ned
about time loop, journalist, small town, winter
A weatherman who despises a town wakes up in it on the same morning until he has run out of ways to be unpleasant.

329 Jurassic Park / Jurassic Park [en] (1993-06-11, 127 min, PG-13, tt0107290) Adventure, Science Fiction
by Steven Spielberg #488
with Sam Neill #4783 as Dr. Alan Grant; Laura Dern #4784 as Dr. Ellie Sattler; Jeff Goldblum #4785 as Dr. Ian Malcolm; Richard Attenborough #4786 as John Hammond
about dinosaur, island, scientist, theme park
A showman has bred what died out long ago, and invites a few experts to say that it is safe.

424 Schindler's List / Schindler's List [en] (1993-12-15, 195 min, R, tt0108052) Drama, History, War
by Steven Spielberg #488
with Liam Neeson #3896 as Oskar Schindler; Ben Kingsley #2282 as Itzhak Stern; Ralph Fiennes #5469 as Amon Göth; Caroline Goodall #6692 as Emilie Schindler
about second world war, holocaust, biography, moral dilemma
A profiteer who came to make money from the war begins to spend it on names.

11104 Chungking Express / 重慶森林 [cn] (1994-07-14, 103 min, PG-13, tt0109424) Drama, Comedy, Romance
by Wong Kar-Wai #12453
with Brigitte Lin #56830 as Woman in blonde wig; Takeshi Kaneshiro #43661 as He Qiwu; Tony Leung Chiu-wai #1337 as Cop 663; Faye Wong #12671 as Faye
about loneliness, big city, lost love, police officer
Two policemen, each just left, and two women: one in a wig with a gun, one who tidies a stranger's flat.

8587 The Lion King / The Lion King [en] (1994-06-15, 89 min, G, tt0110357) Family, Animation, Drama, Adventure
by Rob Minkoff #18898; Roger Allers #15812
with Jonathan Taylor Thomas #53283 as Young Simba (voice); Matthew Broderick #4756 as Simba (voice); James Earl Jones #15152 as Mufasa (voice); Jeremy Irons #16940 as Scar (voice)
about lion, father and son, exile, musical
A cub who believes himself guilty runs from his kingdom and learns to forget, until he is asked who he is.

13 Forrest Gump / Forrest Gump [en] (1994-06-23, 142 min, PG-13, tt0109830) Comedy, Drama, Romance
by Robert Zemeckis #24
with Tom Hanks #31 as Forrest Gump; Robin Wright #32 as Jenny Curran; Gary Sinise #33 as Lieutenant Dan Taylor; Sally Field #35 as Mrs. Gump; Mykelti Williamson #34 as Bubba Blue
about vietnam war, running, first love, mother and son
A slow and honest man on a bench tells how he walked through three decades of other people's history.

101 Léon: The Professional / Léon [fr] (1994-09-14, 111 min, R, tt0110413) Crime, Drama, Action
by Luc Besson #59
with Jean Reno #1003 as Léon; Gary Oldman #64 as Stansfield; Natalie Portman #524 as Mathilda; Danny Aiello #1004 as Tony
about hitman, revenge, corruption, orphan
A man who kills for a living and waters one plant opens his door to the girl from along the corridor.

680 Pulp Fiction / Pulp Fiction [en] (1994-09-10, 154 min, R, tt0110912) Thriller, Crime, Comedy
by Quentin Tarantino #138
with John Travolta #8891 as Vincent Vega; Samuel L. Jackson #2231 as Jules Winnfield; Uma Thurman #139 as Mia Wallace; Bruce Willis #62 as Butch Coolidge; Harvey Keitel #1037 as Winston Wolfe
about hitman, gang, boxer, briefcase
A boxer, two talkative killers, a gangster's wife and a pair of robbers cross one another's days, not in that order.

278 The Shawshank Redemption / The Shawshank Redemption [en] (1994-09-23, 142 min, R, tt0111161) Drama, Crime
by Frank Darabont #4027
with Tim Robbins #504 as Andy Dufresne; Morgan Freeman #192 as Ellis Boyd 'Red' Redding; Bob Gunton #4029 as Warden Norton; William Sadler #6573 as Heywood; Clancy Brown #6574 as Captain Hadley
about prison, friendship, hope, prison escape
A banker sentenced for life keeps the warden's books, a friend and a small hammer.
`;
