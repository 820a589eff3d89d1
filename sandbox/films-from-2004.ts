/** Well-known films, one paragraph each, read by famous-films.ts. Facts are public; the sentences are our own. The last one is the example of the API description, and invented. */
export const filmsFrom2004 = `
9806 The Incredibles / The Incredibles [en] (2004-11-05, 115 min, PG, tt0317705) Action, Adventure, Animation, Family
by Brad Bird #7087
with Craig T. Nelson #8977 as Bob Parr / Mr. Incredible (voice); Holly Hunter #18686 as Helen Parr / Elastigirl (voice); Samuel L. Jackson #2231 as Lucius Best / Frozone (voice); Jason Lee #11662 as Buddy Pine / Syndrome (voice)
about superhero, family relationships, midlife crisis, island
A retired hero sells insurance and misses the work; then a message comes and the family has to follow.

4935 Howl's Moving Castle / ハウルの動く城 [ja] (2004-09-09, 119 min, PG, tt0347149) Fantasy, Animation, Adventure
by Hayao Miyazaki #608
with Chieko Baisho #533325 as Sophie; Takuya Kimura #12670 as Howl; Akihiro Miwa #20338 as Witch of the Waste; Tatsuya Gashûin #19592 as Calcifer
about witch, curse, castle, first love
A hat maker turned old overnight finds a place as housekeeper in a house that walks.

582 The Lives of Others / Das Leben der Anderen [de] (2006-03-23, 137 min, R, tt0405094) Drama, Thriller
by Florian Henckel von Donnersmarck #8193
with Martina Gedeck #678 as Christa-Maria Sieland; Ulrich Mühe #8196 as Gerd Wiesler; Sebastian Koch #8197 as Georg Dreyman; Ulrich Tukur #8198 as Anton Grubitz
about cold war, spy, writer, moral dilemma
An officer who listens to a playwright's flat through headphones begins to leave things out of his reports.

1417 Pan's Labyrinth / El laberinto del fauno [es] (2006-10-11, 118 min, R, tt0457430) Fantasy, Drama, War
by Guillermo del Toro #10828
with Ivana Baquero #16970 as Ofelia; Sergi López #16972 as Vidal; Maribel Verdú #16971 as Mercedes; Doug Jones #17005 as Fauno; Ariadna Gil #17006 as Carmen
about fairy tale, civil war, childhood, princess
A girl brought to a cruel captain's mill is set three tasks by something old that lives behind it.

1422 The Departed / The Departed [en] (2006-10-04, 151 min, R, tt0407887) Drama, Thriller, Crime
by Martin Scorsese #1032
with Leonardo DiCaprio #6193 as Billy; Matt Damon #1892 as Colin; Jack Nicholson #514 as Frank Costello; Mark Wahlberg #13240 as Dignam; Vera Farmiga #21657 as Madolyn
about double life, gang, police officer, betrayal
The mob has a man in the police, the police have a man in the mob, and each is told to find the other.

2062 Ratatouille / Ratatouille [en] (2007-06-28, 111 min, G, tt0382932) Animation, Comedy, Family, Fantasy
by Brad Bird #7087
with Patton Oswalt #10872 as Remy (voice); Ian Holm #65 as Skinner (voice); Lou Romano #7962 as Linguini (voice); Peter O'Toole #11390 as Anton Ego (voice)
about cooking, restaurant, big city, friendship
A rat who can taste steers a kitchen boy who cannot cook, by the hair.

6977 No Country for Old Men / No Country for Old Men [en] (2007-11-09, 122 min, R, tt0477348) Crime, Thriller, Western
by Ethan Coen #1224; Joel Coen #1223
with Tommy Lee Jones #2176 as Ed Tom Bell; Javier Bardem #3810 as Anton Chigurh; Josh Brolin #16851 as Llewelyn Moss; Woody Harrelson #57755 as Carson Wells; Kelly Macdonald #9015 as Carla Jean Moss
about hitman, on the run, desert, briefcase
A hunter walks off with two million that are not his, and a man with a coin walks after him.

7345 There Will Be Blood / There Will Be Blood [en] (2007-12-26, 158 min, R, tt0469494) Drama
by Paul Thomas Anderson #4762
with Daniel Day-Lewis #11856 as Daniel Plainview; Paul Dano #17142 as Eli Sunday; Kevin J. O'Connor #18916 as Henry; Ciarán Hinds #8785 as Fletcher; Dillon Freasier #52564 as HW
about oil, greed, faith, father and son
An oilman buys the land under a young preacher's flock, and neither can stand another on top.

10681 WALL·E / WALL·E [en] (2008-06-22, 98 min, G, tt0910970) Animation, Family, Science Fiction
by Andrew Stanton #7
with Ben Burtt #670 as WALL·E (voice); Elissa Knight #72754 as EVE (voice); Jeff Garlin #60074 as Captain (voice); Fred Willard #20753 as Shelby Forthright
about robot, dystopia, space travel, first love
The last machine tidying the Earth falls for one that came to look for something green.

155 The Dark Knight / The Dark Knight [en] (2008-07-16, 152 min, PG-13, tt0468569) Drama, Action, Crime, Thriller
by Christopher Nolan #525
with Christian Bale #3894 as Bruce Wayne; Heath Ledger #1810 as Joker; Aaron Eckhart #6383 as Harvey Dent; Michael Caine #3895 as Alfred; Maggie Gyllenhaal #1579 as Rachel; Gary Oldman #64 as Gordon
about superhero, vigilante, big city, moral dilemma
A masked man and a prosecutor have nearly cleaned up a city, when a clown without a price arrives.

14160 Up / Up [en] (2009-05-28, 96 min, PG, tt1049413) Animation, Comedy, Family, Adventure
by Pete Docter #12890
with Ed Asner #68812 as Carl Fredricksen (voice); Christopher Plummer #290 as Charles Muntz (voice); Jordan Nagai #80676 as Russell (voice); Bob Peterson #10 as Dug / Alpha (voice)
about old age, balloon, jungle, grief
A widower ties balloons to his house to keep a promise, and finds a boy scout on the porch in mid-air.

16869 Inglourious Basterds / Inglourious Basterds [en] (2009-08-02, 153 min, R, tt0361748) Drama, Thriller, War
by Quentin Tarantino #138
with Brad Pitt #287 as Lt. Aldo Raine; Mélanie Laurent #19119 as Shosanna; Christoph Waltz #27319 as Col. Hans Landa; Eli Roth #16847 as Sgt. Donny Donowitz; Michael Fassbender #17288 as Lt. Archie Hicox; Diane Kruger #9824 as Bridget von Hammersmark
about second world war, revenge, film business, resistance
The owner of a cinema and a squad of soldiers, unknown to each other, plan the same evening for the same guests.

19995 Avatar / Avatar [en] (2009-12-15, 162 min, PG-13, tt0499549) Action, Adventure, Fantasy, Science Fiction
by James Cameron #2710
with Sam Worthington #65731 as Jake Sully; Zoe Saldaña #8691 as Neytiri; Sigourney Weaver #10205 as Grace Augustine; Stephen Lang #32747 as Quaritch; Michelle Rodriguez #17647 as Trudy Chacon
about alien contact, nature, jungle, space marine
A marine who cannot walk is lent a body that can, on a world his employers would like to dig up.

10193 Toy Story 3 / Toy Story 3 [en] (2010-06-16, 102 min, G, tt0435761) Animation, Family, Comedy
by Lee Unkrich #8
with Tom Hanks #31 as Woody (voice); Tim Allen #12898 as Buzz Lightyear (voice); Joan Cusack #3234 as Jessie (voice); Ned Beatty #13726 as Lotso (voice)
about toy, friendship, captivity, childhood
Their owner is off to college and the toys are given to a nursery that is run like a prison.

27205 Inception / Inception [en] (2010-07-15, 148 min, PG-13, tt1375666) Action, Science Fiction, Adventure
by Christopher Nolan #525
with Leonardo DiCaprio #6193 as Dom Cobb; Joseph Gordon-Levitt #24045 as Arthur; Ken Watanabe #3899 as Saito; Tom Hardy #2524 as Eames; Elliot Page #27578 as Ariadne; Cillian Murphy #2037 as Robert Fischer
about dream, heist, grief, memory loss
A thief who works inside sleep is asked for once not to take an idea but to leave one.

37799 The Social Network / The Social Network [en] (2010-10-01, 121 min, PG-13, tt1285016) Drama
by David Fincher #7467
with Jesse Eisenberg #44735 as Mark Zuckerberg; Andrew Garfield #37625 as Eduardo Saverin; Armie Hammer #53807 as Cameron Winklevoss; Justin Timberlake #12111 as Sean Parker; Rooney Mara #108916 as Erica Albright
about hacker, betrayal, trial, biography
Two lawsuits reconstruct how a student's spiteful evening became everybody's address book.

24428 The Avengers / The Avengers [en] (2012-04-25, 143 min, PG-13, tt0848228) Science Fiction, Action, Adventure
by Joss Whedon #12891
with Robert Downey Jr. #3223 as Tony Stark / Iron Man; Chris Evans #16828 as Steve Rogers / Captain America; Mark Ruffalo #103 as Bruce Banner / The Hulk; Chris Hemsworth #74568 as Thor; Scarlett Johansson #1245 as Natasha Romanoff / Black Widow
about superhero, alien invasion, big city, team
Six people used to working alone have to stand in one circle when the sky over New York opens.

68718 Django Unchained / Django Unchained [en] (2012-12-25, 165 min, R, tt1853728) Drama, Western
by Quentin Tarantino #138
with Jamie Foxx #134 as Django; Christoph Waltz #27319 as Dr. King Schultz; Leonardo DiCaprio #6193 as Calvin Candie; Kerry Washington #11703 as Broomhilda; Samuel L. Jackson #2231 as Stephen
about slavery, bounty hunter, revenge, marriage
A freed man and a travelling dentist collect bounties on the way to the plantation that holds his wife.

120467 The Grand Budapest Hotel / The Grand Budapest Hotel [en] (2014-02-26, 100 min, R, tt2278388) Comedy, Drama
by Wes Anderson #5655
with Ralph Fiennes #5469 as M. Gustave; Tony Revolori #1291350 as Zero; F. Murray Abraham #1164 as Mr. Moustafa; Saoirse Ronan #36592 as Agatha; Adrien Brody #3490 as Dmitri
about hotel, friendship, painting, prison escape
A concierge of perfect manners is left a painting by a guest, and accused of her death by her family.

157336 Interstellar / Interstellar [en] (2014-11-05, 169 min, PG-13, tt0816692) Adventure, Drama, Science Fiction
by Christopher Nolan #525
with Matthew McConaughey #10297 as Joseph Cooper; Anne Hathaway #1813 as Dr. Amelia Brand; Jessica Chastain #83002 as Murphy Cooper; Michael Caine #3895 as Professor Brand; Mackenzie Foy #851784 as Young Murph
about space travel, father and daughter, black hole, survival
With the crops failing, a farmer who used to fly leaves his daughter to look for another world, and the clocks part company.

244786 Whiplash / Whiplash [en] (2014-10-10, 107 min, R, tt2582802) Drama, Music
by Damien Chazelle #136495
with Miles Teller #996701 as Andrew Neiman; J.K. Simmons #18999 as Terence Fletcher; Paul Reiser #781 as Jim Neiman; Melissa Benoist #129104 as Nicole
about jazz, obsession, teacher, rivalry
A drummer of nineteen wants to be one of the greats, and his teacher knows only one way to get there.

76341 Mad Max: Fury Road / Mad Max: Fury Road [en] (2015-05-13, 121 min, R, tt1392190) Action, Adventure, Science Fiction
by George Miller #20629
with Tom Hardy #2524 as Max Rockatansky; Charlize Theron #6885 as Imperator Furiosa; Nicholas Hoult #3292 as Nux; Hugh Keays-Byrne #26060 as Immortan Joe
about desert, dystopia, car chase, on the run
A captain drives a tyrant's wives out across the sand and a prisoner is strapped to the front of the pursuit.

150540 Inside Out / Inside Out [en] (2015-06-17, 95 min, PG, tt2096673) Animation, Family, Adventure, Drama, Comedy
by Pete Docter #12890
with Amy Poehler #56322 as Joy (voice); Phyllis Smith #169200 as Sadness (voice); Richard Kind #21125 as Bing Bong (voice); Bill Hader #19278 as Fear (voice); Lewis Black #59258 as Anger (voice)
about childhood, memory loss, homesickness, friendship
Inside a girl who has moved house, Joy and Sadness are lost together and slowly see what the other is for.

372058 Your Name. / 君の名は。 [ja] (2016-08-26, 106 min, PG, tt5311514) Animation, Romance, Drama
by Makoto Shinkai #74091
with Ryunosuke Kamiki #225730 as Taki Tachibana; Mone Kamishiraishi #1369100 as Mitsuha Miyamizu; Ryo Narita #1668610 as Katsuhiko Teshigawara; Aoi Yuuki #936275 as Sayaka Natori
about body swap, comet, first love, countryside
A girl from the hills and a boy from the city wake in each other's lives and leave notes, until one does not answer.

329865 Arrival / Arrival [en] (2016-11-10, 116 min, PG-13, tt2543164) Drama, Science Fiction, Mystery
by Denis Villeneuve #137427
with Amy Adams #9273 as Louise Banks; Jeremy Renner #17604 as Ian Donnelly; Forest Whitaker #2178 as Colonel Weber; Michael Stuhlbarg #72873 as Agent Halpern
about alien contact, language, mother and daughter, grief
A linguist is flown to one of twelve silent ships to ask why they came, and learns to think in their sentences.

313369 La La Land / La La Land [en] (2016-12-01, 129 min, PG-13, tt3783958) Comedy, Drama, Romance
by Damien Chazelle #136495
with Ryan Gosling #30614 as Sebastian; Emma Stone #54693 as Mia; John Legend #113461 as Keith; Rosemarie DeWitt #14892 as Laura
about jazz, musical, film business, lost love
A pianist and an actress help each other towards what they want, which is not in the same place.

376867 Moonlight / Moonlight [en] (2016-10-21, 111 min, R, tt4975722) Drama
by Barry Jenkins #92784
with Trevante Rhodes #1650301 as Black; Ashton Sanders #1152019 as Chiron; Alex R. Hibbert #1688889 as Little; Mahershala Ali #932967 as Juan; Naomie Harris #2038 as Paula; Janelle Monáe #1005852 as Teresa
about childhood, drug addiction, first love, ocean
A boy, a teenager, a man: three names for somebody finding out who he may be.

419430 Get Out / Get Out [en] (2017-02-24, 104 min, R, tt5052448) Mystery, Thriller, Horror
by Jordan Peele #291263
with Daniel Kaluuya #206919 as Chris Washington; Allison Williams #1255540 as Rose Armitage; Catherine Keener #2229 as Missy Armitage; Bradley Whitford #11367 as Dean Armitage
about prejudice, hypnosis, suburb, secret
A photographer spends a weekend with his girlfriend's parents, who are so very pleased to meet him.

354912 Coco / Coco [en] (2017-10-27, 105 min, PG, tt2380307) Family, Animation, Music, Adventure
by Lee Unkrich #8
with Anthony Gonzalez #1193391 as Miguel (voice); Gael García Bernal #258 as Héctor (voice); Benjamin Bratt #4589 as Ernesto de la Cruz (voice); Alanna Ubach #10402 as Mamá Imelda (voice)
about musical, family relationships, ghost, memory loss
A boy from a family that forbids music crosses into the land of the dead to ask an ancestor why.

324857 Spider-Man: Into the Spider-Verse / Spider-Man: Into the Spider-Verse [en] (2018-12-06, 117 min, PG, tt4633694) Animation, Action, Adventure, Science Fiction
by Peter Ramsey #151007; Rodney Rothman #59918; Bob Persichetti #936670
with Shameik Moore #587506 as Miles Morales / Spider-Man (voice); Jake Johnson #543505 as Peter B. Parker / Spider-Man (voice); Hailee Steinfeld #130640 as Gwen Stacy / Spider-Gwen (voice); Brian Tyree Henry #226366 as Jefferson Davis (voice)
about superhero, parallel worlds, teenager, big city
A boy from Brooklyn gets the bite, and five others who had it in other worlds drop in to show him how.

496243 Parasite / 기생충 [ko] (2019-05-30, 133 min, R, tt6751668) Comedy, Thriller, Drama
by Bong Joon Ho #21684
with Song Kang-ho #20738 as Kim Ki-taek; Lee Sun-kyun #115290 as Park Dong-ik; Cho Yeo-jeong #556435 as Yeon-kyo; Choi Woo-shik #1255881 as Kim Ki-woo; Park So-dam #1442583 as Kim Ki-jung
about class struggle, poverty, con artist, secret
One by one a family from a half-basement finds work in a house on a hill, where there is more downstairs than they knew.

475557 Joker / Joker [en] (2019-10-01, 122 min, R, tt7286456) Crime, Thriller, Drama
by Todd Phillips #57130
with Joaquin Phoenix #73421 as Arthur Fleck; Robert De Niro #380 as Murray Franklin; Zazie Beetz #1545693 as Sophie Dumond; Frances Conroy #4432 as Penny Fleck
about madness, loneliness, big city, mother and son
A clown for hire who laughs when he does not want to is dropped by everything that held him.

530915 1917 / 1917 [en] (2019-12-25, 119 min, R, tt8579674) War, History, Drama, Action
by Sam Mendes #39
with George MacKay #146750 as Lance Corporal Schofield; Dean-Charles Chapman #1332971 as Lance Corporal Blake; Mark Strong #2983 as Captain Smith; Richard Madden #512991 as Lieutenant Blake
about first world war, soldier, rescue mission, brothers
Two soldiers have one night to carry an order across empty trenches that would stop sixteen hundred men from attacking.

438631 Dune / Dune [en] (2021-09-15, 155 min, PG-13, tt1160419) Science Fiction, Adventure
by Denis Villeneuve #137427
with Timothée Chalamet #1190668 as Paul Atreides; Rebecca Ferguson #933238 as Lady Jessica; Oscar Isaac #25072 as Duke Leto Atreides; Josh Brolin #16851 as Gurney Halleck; Zendaya #505710 as Chani
about desert, chosen one, betrayal, mother and son
A duke's heir follows his family to the one planet that has what everyone needs, and dreams of a girl who lives there.

545611 Everything Everywhere All at Once / Everything Everywhere All at Once [en] (2022-03-24, 140 min, R, tt6710474) Action, Adventure, Science Fiction
by Daniel Kwan #1383612; Daniel Scheinert #1317730
with Michelle Yeoh #1620 as Evelyn Wang; Stephanie Hsu #1381186 as Joy Wang; Ke Huy Quan #690 as Waymond Wang; James Hong #20904 as Gong Gong; Jamie Lee Curtis #8944 as Deirdre Beaubeirdre
about parallel worlds, mother and daughter, martial arts, small business
The owner of a laundry is told, in the middle of her tax audit, that she is the last hope of all worlds.

872585 Oppenheimer / Oppenheimer [en] (2023-07-19, 181 min, R, tt15398776) Drama, History
by Christopher Nolan #525
with Cillian Murphy #2037 as J. Robert Oppenheimer; Emily Blunt #5081 as Kitty Oppenheimer; Matt Damon #1892 as Leslie Groves; Robert Downey Jr. #3223 as Lewis Strauss; Florence Pugh #1373737 as Jean Tatlock
about nuclear weapons, scientist, second world war, biography
A physicist builds the thing in the desert and then has to sit in small rooms and answer for it.

346698 Barbie / Barbie [en] (2023-07-19, 114 min, PG-13, tt1517268) Comedy, Adventure
by Greta Gerwig #45400
with Margot Robbie #234352 as Barbie; Ryan Gosling #30614 as Ken; America Ferrera #59174 as Gloria; Kate McKinnon #1240487 as Weird Barbie
about toy, satire, friendship, mother and daughter
A perfect doll has a thought about death and drives out of her pink town to see who is thinking it.

900001 The Lighthouse Keeper’s Daughter / La hija del farero [es] (2014-09-19, 118 min, PG-13, tt9900001) Drama
by Marta Ibarra #910001
with Lucía Soler #910002 as Inés; Tomás Vidal #910003 as Mateo; Adela Ríos #910004 as Consuelo
about lighthouse, island, father and daughter
She lights the lamp one last time, and somebody answers from the sea.
`;
