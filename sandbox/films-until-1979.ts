/** Well-known films, one paragraph each, read by famous-films.ts. Facts are public; the sentences are our own. */
export const filmsUntil1979 = `
653 Nosferatu / Nosferatu, eine Symphonie des Grauens [de] (1922-02-16, 94 min, NR, tt0013442) Horror, Fantasy
by F. W. Murnau #9076
with Max Schreck #9839 as Graf Orlok; Gustav von Wangenheim #9840 as Hutter; Greta Schröder #9841 as Ellen; Alexander Granach #9842 as Knock
about vampire, plague, curse, castle
A young estate agent travels to a remote castle to sell a house and brings home a buyer who never eats, never ages and is followed by rats.

19 Metropolis / Metropolis [de] (1927-01-10, 148 min, NR, tt0017136) Drama, Science Fiction
by Fritz Lang #68
with Brigitte Helm #75 as Maria; Alfred Abel #73 as Joh Fredersen; Gustav Fröhlich #74 as Freder; Rudolf Klein-Rogge #77 as Rotwang
about dystopia, class struggle, robot, big city
The ruler's son descends from a gleaming city into the machine halls below and finds the people whose labour keeps the lights on.

901 City Lights / City Lights [en] (1931-02-06, 87 min, G, tt0021749) Comedy, Drama, Romance
by Charlie Chaplin #13848
with Charlie Chaplin #13848 as A Tramp; Virginia Cherrill #13852 as A Blind Girl; Florence Lee #2913936 as The Blind Girl's Grandmother; Harry Myers #13854 as An Eccentric Millionaire
about blindness, poverty, mistaken identity, first love
A penniless wanderer is taken for a rich man by a flower seller who cannot see, and does everything he can to pay for her cure.

832 M / M - Eine Stadt sucht einen Mörder [de] (1931-05-11, 110 min, NR, tt0022100) Drama, Thriller, Crime
by Fritz Lang #68
with Peter Lorre #2094 as Hans Beckert; Otto Wernicke #12324 as Inspector Karl Lohmann; Gustaf Gründgens #12325 as Schränker
about serial killer, manhunt, underworld, big city
When the police cannot find a murderer of children, the thieves and beggars of the city set out to catch him themselves.

289 Casablanca / Casablanca [en] (1943-01-15, 103 min, PG, tt0034583) Drama, Romance
by Michael Curtiz #4109
with Humphrey Bogart #4110 as Rick Blaine; Ingrid Bergman #4111 as Ilsa Lund; Paul Henreid #4112 as Victor Laszlo; Claude Rains #4113 as Captain Louis Renault
about resistance, lost love, second world war, nightclub
The owner of a bar full of refugees holds two letters of transit, and the woman who left him in Paris needs them.

1092 The Third Man / The Third Man [en] (1949-08-31, 105 min, NR, tt0041959) Thriller, Mystery
by Carol Reed #15378
with Joseph Cotten #7664 as Holly Martins; Alida Valli #15385 as Anna Schmidt; Orson Welles #40 as Harry Lime; Trevor Howard #12726 as Major Calloway
about black market, friendship, sewer, postwar
A writer of cheap westerns arrives in occupied Vienna for a job and is handed a funeral whose story does not add up.

5156 Bicycle Thieves / Ladri di biciclette [it] (1948-11-24, 89 min, NR, tt0040522) Drama
by Vittorio De Sica #12329
with Lamberto Maggiorani #42416 as Antonio Ricci; Enzo Staiola #42417 as Bruno Ricci; Lianella Carell #42419 as Maria Ricci
about poverty, father and son, postwar, theft
A man out of work finally gets a job that needs a bicycle, and spends a Sunday with his boy searching Rome for the one stolen from him.

548 Rashomon / 羅生門 [ja] (1950-08-26, 88 min, NR, tt0042876) Crime, Drama, Mystery
by Akira Kurosawa #5026
with Toshirō Mifune #7450 as Tajōmaru; Machiko Kyō #7451 as Masako; Masayuki Mori #7452 as Takehiro; Takashi Shimura #7453 as Woodcutter
about unreliable narrator, samurai, trial, murder
Four people tell what happened to a dead man in a forest, and no two of the stories can be true together.

872 Singin' in the Rain / Singin' in the Rain [en] (1952-04-09, 103 min, G, tt0045152) Comedy, Romance
by Gene Kelly #13294; Stanley Donen #13284
with Gene Kelly #13294 as Don Lockwood; Donald O'Connor #13295 as Cosmo Brown; Debbie Reynolds #8857 as Kathy Selden; Jean Hagen #13296 as Lina Lamont
about film business, musical, friendship, dance
A star of silent pictures has to learn to speak on film, while his leading lady had better not.

18148 Tokyo Story / 東京物語 [ja] (1953-11-03, 137 min, NR, tt0046438) Drama
by Yasujirō Ozu #95501
with Chishū Ryū #33135 as Shūkichi Hirayama; Chieko Higashiyama #134307 as Tomi Hirayama; Setsuko Hara #95504 as Noriko Hirayama; Haruko Sugimura #131013 as Shige Kaneko
about family relationships, old age, grief, big city
An old couple visit their busy children in the capital and are made welcome only by the widow of the son they lost.

804 Roman Holiday / Roman Holiday [en] (1953-08-26, 119 min, NR, tt0046250) Romance, Comedy, Drama
by William Wyler #10001
with Audrey Hepburn #1932 as Princess Ann; Gregory Peck #8487 as Joe Bradley; Eddie Albert #11998 as Irving Radovich
about princess, journalist, first love, big city
A princess slips away from her timetable and spends one day in Rome with a reporter who pretends not to know her.

346 Seven Samurai / 七人の侍 [ja] (1954-04-26, 207 min, NR, tt0047478) Action, Drama
by Akira Kurosawa #5026
with Toshirō Mifune #7450 as Kikuchiyo; Takashi Shimura #7453 as Kambei Shimada; Yoshio Inaba #20828 as Gorobei Katayama; Seiji Miyaguchi #20829 as Kyuzo
about samurai, village, last stand, rice farmer
Farmers who have nothing to pay with but rice hire seven masterless swordsmen to face the bandits who come at harvest.

567 Rear Window / Rear Window [en] (1954-08-01, 112 min, PG, tt0047396) Thriller, Mystery, Drama
by Alfred Hitchcock #2636
with James Stewart #854 as L.B. Jefferies; Grace Kelly #4070 as Lisa Carol Fremont; Wendell Corey #7683 as Det. Lt. Thomas J. Doyle; Thelma Ritter #7684 as Stella; Raymond Burr #7685 as Lars Thorwald
about voyeurism, neighbour, photographer, murder
With his leg in plaster a photographer watches the windows across the yard, and one neighbour's wife is no longer to be seen.

389 12 Angry Men / 12 Angry Men [en] (1957-04-10, 97 min, NR, tt0050083) Drama
by Sidney Lumet #39996
with Henry Fonda #4958 as Juror 8; Lee J. Cobb #5248 as Juror 3; Martin Balsam #1936 as Juror 1; Jack Warden #5251 as Juror 7; E.G. Marshall #5249 as Juror 4
about trial, prejudice, moral dilemma, justice
Eleven jurors are ready to convict before the room gets any hotter; the twelfth would first like to talk about it.

490 The Seventh Seal / Det sjunde inseglet [sv] (1957-02-16, 96 min, NR, tt0050976) Drama, Fantasy
by Ingmar Bergman #6648
with Max von Sydow #2201 as Antonius Block; Gunnar Björnstrand #6649 as Jöns; Bengt Ekerot #6656 as Death; Nils Poppe #6658 as Jof; Bibi Andersson #6657 as Mia
about plague, faith, chess, crusade
A knight home from the wars plays chess with Death along a plague-ridden coast, hoping to win time for one meaningful deed.

426 Vertigo / Vertigo [en] (1958-05-28, 128 min, PG, tt0052357) Mystery, Romance, Thriller
by Alfred Hitchcock #2636
with James Stewart #854 as John 'Scottie' Ferguson; Kim Novak #5729 as Madeleine Elster; Barbara Bel Geddes #5730 as Midge Wood; Tom Helmore #5731 as Gavin Elster
about obsession, fear of heights, private detective, double life
A detective who cannot bear heights is asked to follow a friend's wife and falls for someone he does not understand at all.

213 North by Northwest / North by Northwest [en] (1959-07-08, 136 min, NR, tt0053125) Thriller, Adventure
by Alfred Hitchcock #2636
with Cary Grant #2638 as Roger O. Thornhill; Eva Marie Saint #2639 as Eve Kendall; James Mason #2091 as Phillip Vandamm; Martin Landau #2641 as Leonard
about mistaken identity, spy, train, on the run
An advertising man raises his hand at the wrong moment and is chased across a continent as an agent who does not exist.

539 Psycho / Psycho [en] (1960-06-22, 109 min, R, tt0054215) Horror, Thriller, Mystery
by Alfred Hitchcock #2636
with Anthony Perkins #7301 as Norman Bates; Janet Leigh #7302 as Marion Crane; Vera Miles #7303 as Lila Crane; John Gavin #7304 as Sam Loomis
about motel, serial killer, theft, mother and son
A secretary on the run with stolen cash stops for the night where the sign is lit and the owner is very attached to his mother.

947 Lawrence of Arabia / Lawrence of Arabia [en] (1962-12-11, 228 min, PG, tt0056172) Adventure, History, War
by David Lean #12238
with Peter O'Toole #11390 as T.E. Lawrence; Alec Guinness #12248 as Prince Feisal; Anthony Quinn #5401 as Auda Abu Tayi; Omar Sharif #5004 as Sherif Ali
about desert, first world war, revolt, biography
A restless British officer unites quarrelling tribes against an empire, and the desert shows him what he is.

422 8½ / 8½ [it] (1963-02-14, 139 min, NR, tt0056801) Drama
by Federico Fellini #4415
with Marcello Mastroianni #5676 as Guido Anselmi; Claudia Cardinale #4959 as Claudia; Anouk Aimée #5682 as Luisa Anselmi; Sandra Milo #5683 as Carla
about film business, midlife crisis, dream, marriage
A director with a set, a cast and no idea what to film escapes from everybody's questions into memory and daydream.

935 Dr. Strangelove or: How I Learned to Stop Worrying and Love the Bomb / Dr. Strangelove or: How I Learned to Stop Worrying and Love the Bomb [en] (1964-01-29, 95 min, PG, tt0057012) Comedy, War
by Stanley Kubrick #240
with Peter Sellers #12446 as Dr. Strangelove; George C. Scott #862 as General Buck Turgidson; Sterling Hayden #3088 as General Jack D. Ripper; Slim Pickens #14253 as Major T.J. "King" Kong
about cold war, nuclear weapons, satire, general
One general has lost his mind and his bombers are on their way; in a room with a very large table, statesmen try to phone them back.

429 The Good, the Bad and the Ugly / Il buono, il brutto, il cattivo [it] (1966-12-22, 161 min, R, tt0060196) Western
by Sergio Leone #4385
with Clint Eastwood #190 as Blondie; Eli Wallach #3265 as Tuco Ramirez; Lee Van Cleef #4078 as Sentenza
about gold, bounty hunter, civil war, showdown
Three gunmen who trust nobody each know a part of where a fortune lies buried.

62 2001: A Space Odyssey / 2001: A Space Odyssey [en] (1968-04-02, 149 min, G, tt0062622) Science Fiction, Mystery, Adventure
by Stanley Kubrick #240
with Keir Dullea #245 as Dr. Dave Bowman; Gary Lockwood #246 as Dr. Frank Poole; William Sylvester #247 as Dr. Heywood R. Floyd; Douglas Rain #253 as HAL 9000
about artificial mind, space travel, evolution, alien contact
Something was buried on the moon for us to find, and the ship sent to follow its signal is run by a calm and faultless voice.

335 Once Upon a Time in the West / C'era una volta il West [it] (1968-12-21, 166 min, PG-13, tt0064116) Drama, Western
by Sergio Leone #4385
with Claudia Cardinale #4959 as Jill McBain; Henry Fonda #4958 as Frank; Jason Robards #4765 as Cheyenne; Charles Bronson #4960 as Harmonica
about revenge, railway, showdown, widow
A widow inherits worthless land that a railway wants, and a stranger with a harmonica has been waiting a long time for the man in its way.

185 A Clockwork Orange / A Clockwork Orange [en] (1971-12-19, 137 min, R, tt0066921) Science Fiction, Crime
by Stanley Kubrick #240
with Malcolm McDowell #56890 as Alex; Patrick Magee #2264 as Mr. Alexander; Warren Clarke #2268 as Dim; Adrienne Corri #2265 as Mrs. Alexander
about dystopia, gang, free will, prison
A young thug with a taste for Beethoven is offered an early release if he lets the state cure him of choosing.

238 The Godfather / The Godfather [en] (1972-03-14, 175 min, R, tt0068646) Drama, Crime
by Francis Ford Coppola #1776
with Marlon Brando #3084 as Don Vito Corleone; Al Pacino #1158 as Michael Corleone; James Caan #3085 as Sonny Corleone; Robert Duvall #3087 as Tom Hagen; Diane Keaton #3092 as Kay Adams
about mafia, family relationships, power, revenge
The youngest son of a crime family wanted nothing to do with its trade, until someone shot his father.

240 The Godfather Part II / The Godfather Part II [en] (1974-12-20, 202 min, R, tt0071562) Drama, Crime
by Francis Ford Coppola #1776
with Al Pacino #1158 as Michael Corleone; Robert Duvall #3087 as Tom Hagen; Diane Keaton #3092 as Kay Adams; Robert De Niro #380 as Vito Corleone; John Cazale #3096 as Fredo Corleone
about mafia, family relationships, power, betrayal
The rise of an immigrant who would be called Don is told beside the hardening of the son who has his chair.

578 Jaws / Jaws [en] (1975-06-20, 124 min, PG, tt0073195) Horror, Thriller, Adventure
by Steven Spielberg #488
with Roy Scheider #6355 as Brody; Robert Shaw #8606 as Quint; Richard Dreyfuss #3037 as Hooper; Lorraine Gary #8607 as Ellen Brody
about shark, small town, ocean, beach
A policeman who dislikes the water, a scientist and an old hunter put to sea after the thing that is closing the beaches.

510 One Flew Over the Cuckoo's Nest / One Flew Over the Cuckoo's Nest [en] (1975-11-19, 133 min, R, tt0073486) Drama
by Miloš Forman #3974
with Jack Nicholson #514 as R.P. McMurphy; Louise Fletcher #7071 as Nurse Ratched; William Redfield #7072 as Harding; Brad Dourif #1370 as Billy Bibbit; Will Sampson #68301 as Chief Bromden
about hospital, rebellion, friendship, power
A drifter has himself declared mad to get out of work duty and starts a quiet war with the nurse who runs the ward.

103 Taxi Driver / Taxi Driver [en] (1976-02-09, 114 min, R, tt0075314) Crime, Drama
by Martin Scorsese #1032
with Robert De Niro #380 as Travis Bickle; Jodie Foster #1038 as Iris Steensma; Cybill Shepherd #1036 as Betsy; Harvey Keitel #1037 as Matthew "Sport" Higgins
about insomnia, loneliness, big city, vigilante
A veteran who cannot sleep drives a cab through the night and makes up his mind to clean up what he sees.

11 Star Wars / Star Wars [en] (1977-05-25, 121 min, PG, tt0076759) Adventure, Action, Science Fiction
by George Lucas #1
with Mark Hamill #2 as Luke Skywalker; Harrison Ford #3 as Han Solo; Carrie Fisher #4 as Princess Leia Organa; Peter Cushing #5 as Grand Moff Tarkin; Alec Guinness #12248 as Obi-Wan "Ben" Kenobi
about space opera, rebellion, princess, robot
A farm boy buys two talkative machines and ends up in a war for the stars, with an old hermit, a smuggler and a very large dog-like pilot.

348 Alien / Alien [en] (1979-05-25, 117 min, R, tt0078748) Horror, Science Fiction
by Ridley Scott #578
with Tom Skerritt #4139 as Dallas; Sigourney Weaver #10205 as Ripley; Veronica Cartwright #5047 as Lambert; Harry Dean Stanton #5048 as Brett; John Hurt #5049 as Kane; Ian Holm #65 as Ash
about spaceship, creature, android, survival
The crew of a tow ship answer a call from a dead moon and take aboard something that is hungrier than they are.

28 Apocalypse Now / Apocalypse Now [en] (1979-05-19, 147 min, R, tt0078788) Drama, War
by Francis Ford Coppola #1776
with Martin Sheen #8349 as Captain Benjamin Willard; Marlon Brando #3084 as Colonel Kurtz; Robert Duvall #3087 as Lieutenant Colonel Kilgore; Frederic Forrest #8351 as Jay 'Chef' Hicks; Dennis Hopper #2778 as Photojournalist
about vietnam war, river, madness, jungle
A captain is sent upriver to end the command of a colonel who has made himself a god, and each bend makes it harder to say why.

1398 Stalker / Сталкер [ru] (1979-05-25, 162 min, NR, tt0079944) Science Fiction, Drama
by Andrei Tarkovsky #8452
with Alisa Freyndlikh #28079 as Stalker's Wife; Aleksandr Kaydanovskiy #28078 as Stalker; Anatoliy Solonitsyn #8475 as Writer; Mykola Hrynko #1190992 as Professor
about forbidden zone, faith, wish, dystopia
A guide takes a writer and a scientist through a fenced-off land to a room that is said to grant what one most wants.
`;
