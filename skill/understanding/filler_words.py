"""Filler words: common English words and names, for speech that is not a command."""

UNKNOWN = "[unk]"
"""The speech model's word for anything that it has no word for; also the output of every filler word."""

HESITATIONS = ("uh", "um", "er", "hmm")
"""Words that may occur inside a sentence without belonging to it."""

_WORDS = """
a able about above absolutely accept across act actually add afraid after afternoon again against age ago agree ah
ahead air all allow almost alone along already alright also although always am among amount an and angry animal
another answer any anybody anymore anyone anything anyway anyways apart apartment apple are area aren't argue arm
around arrive art as ask asleep at ate attack attention aunt autumn away awful baby back backward bacon bad bag ball
banana band bank bar base basic basically bath bathroom be beach bear beat beautiful beauty became because become
bed bedroom been beer bees before began begin behind being believe bell belong below beside best bet better between
beyond big bike bill bird birthday bit black blood blow blue board boat body bomb bone book boot born both bottle
bottom bough bought bowl box boy brain bread break breakfast bridge bright bring broke broken brother brought brown
buck bud bug build building bunch burn bus business bust busy but butter buy by cake call called calm came camera
camp can can't cannot cap cape car card care careful carry case cash cat catch caught cause cave certain chain chair
chalk chance change chase cheap cheat check cheese chess chicken child children chip choice choose chop church
circle city clap class clean clear click climb clip clock close clothes cloud coach coat code coffee coin cold
college color comb come comes coming company computer cook cool cop copy cord core corn corner cost could couldn't
count country couple course cousin cover cow crack crash crazy cream crew crop cross crowd crown cry cup cut dad
daily dance danger dark dash date daughter dawn day days dead deal dear death debt december decide deck deep deer
definitely den desk did didn't died difference different difficult dig dinner dip direct dirty dish do dock doctor
does doesn't dog doing doll dollar dollars don't done doom door dot double doubt dove down draw dream dress drink
drive driver drop drove dry duck dude due dumb dump during dust each ear early earth east easy eat edge egg eight
eighteen eighty either eleven else email empty end energy engine english enjoy enough entire especially even evening
ever every everybody everyone everything exactly example except excited expect expensive explain eye eyes face fact
fade fail fair faith fall family famous fan far farm fast fat father favorite fear feast february fee feed feel
feeling feet fell felt fence few field fifteen fifty fight figure file fill film finally find fine finger finish
fire firm first fish fist five fix flag flame flash flat float floor flow flower fly fog folk follow food fool foot
football for force foreign forest forget fork form fort forty forward found four fourteen fox frame free fresh
friday friend friends frog from front fruit fuel full fun funny future game gang gap garden gas gate gave gear
general gentle get gets getting ghost gift girl give given glad glass go goal goat goes going gold gone gonna good
got gotta grab grade grain grand grandma grass grave gray great green grew grip ground group grow guard guess guest
guide gum gun guy guys ha habit had hair half hall hand hands hang happen happened happy hard harm has hasn't hat
hatch hate have haven't having hawk he he'd he'll he's head health hear heard heart heat heavy heel held hello help
hen her herd here here's hero herself hey hi hide high hill him himself hint hip hire his history hit hm hold hole
holiday holy home honest honey hook hope horn horse hospital host hot hotel hour hours house how however hug huge
huh human hundred hung hungry hurry hurt husband hut i i'd i'll i'm i've ice idea if imagine important in indeed ink
inside instead interest interesting internet into iron is island isn't it it'll it's its itself jacket jail jam
january jar jaw jazz jet job join joke joy judge juice july jump june just keen keep kept key kick kid kids kill
kind kinda king kiss kit kitchen knee knew knife knock knot know known lab lack lady lake lamb lamp land lane
language lap laptop large last late later laugh law lawn lay lazy lead leaf lean leap learn least leave led left leg
lend lens less lesson let let's letter level library lid lie life lift light like limb limit line link lion lips
list listen little live lived living load loaf loan local lock log long look looked looking loop lord lose loss lost
lot lots loud love low luck lucky lunch lung machine mad made mail main make makes making man many map march mark
market married mask mass mate matter may maybe me meal mean means meant meat medal meet meeting melt men mess met
metal middle might mild mile milk mill million mind mine minute minutes miss mist mistake mix mm mom moment monday
money month months mood moon more morning most mother mountain mouse mouth move movie much mud music must my myself
nail name nap near neat neck need needed needs neighbor neither nest net never new news next nice night nine
nineteen ninety no nobody noise none noon nope nor north nose not note nothing notice november now number nurse nut
oak oath obviously october odd of off offer office often oh oil okay old on once one ones only ooh open or orange
order other others our out outside over own pace pack pad page paid pain paint pair palm pan pants paper parents
park part party pass past patch path paw pay peace peak pear peel pen people perfect perhaps person pet phone photo
piano pick picture pie piece pig pile pill pin pine pink pipe pit pitch pizza place plain plan plane plant plate
play played please plot plug plus pocket poem poet point pole police pond pool poor pop popular porch port pose
possible post pot pound power pray present president press pretty prey price pride print prize probably problem
program promise proof proud public pull pump pupil pure purple purse push put question quick quickly quiet quite
rabbit race rack radio rage rail rain raise ran rank rare rat rate rather raw ray razor reach read ready real really
rear reason receive record red remember rent repeat reply rest restaurant return ribbon rice rich rid ride right
ring risk river road roar rob rock rod role roll roof room root rope rose round row rub rug rule run running rush
sack sad safe said sail sake sale salt same sand sat saturday sauce save saw say saying says scale scar scene school
science score scream screen sea seal season seat second secret see seed seek seem seems seen self sell send sense
sent september serious set seven seventeen seventy several shade shadow shake shall shame shape share sharp she
she'd she'll she's shed sheep sheet shelf shell shift shine ship shirt shock shoe shoes shoot shop shore short shot
should shoulder shouldn't shout show shower shut shy sick side sigh sign silk silver simple sin since sing sink sir
sister sit six sixteen sixty size skill skin skirt sky slave sleep slice slide slip slow small smart smell smile
smoke smooth snake snow so soak soap sock soft soil sold soldier sole some somebody somehow someone something
sometimes son song soon sore sorry sort sorta soul sound soup sour south space spare spark speak special speed spell
spend spent spill spin spirit spit split spoke spoon sport spot spray spring square stack staff stage stair stairs
stake stamp stand star start started state station stay steak steal steam steel steep stem step stick stiff still
stir stock stomach stone stood stop store storm story stove straight strange strap straw stream street stress string
strip stroke strong student study stuff stupid such sugar suit summer sun sunday supper support suppose sure
surprise sweet swim table tail take taken takes taking tale talk talked talking tall tank tap tape target task taste
taught tax tea teach teacher team teeth tell ten tend tent term test than thank thanks that that's the their them
themselves then there there's these they they'd they'll they're they've thick thief thigh thin thing things think
thinking third thirsty thirteen thirty this those though thought thousand thread three threw throat through throw
thumb thunder thursday ticket tide tie tiger tight till time times tin tiny tip tire tired title to toast today toe
together told tomorrow tone tongue tonight too took tool tooth top total touch toward tower town toy trace track
trade trail train trap travel tray treat tree trend tribe trick tried trip trouble truck true trust truth try trying
tube tuesday tune turn turned twelve twenty twice twin two type ugly uncle under understand until up upon upstairs
us use used usually van vast vegetable very video view village visit visual voice vote wage waist wait wake walk
walked wall wanna want wanted wants war warm warn was wash wasn't waste watch water wave way we we'd we'll we're
we've weak weapon wear weather weave web wed wedding wednesday week weekend weeks weight welcome well went were
weren't west wet whale what what's whatever wheat wheel when where where's which while whip whisper white who who's
whole whose why wide wife wild will win wind window wine wing winter wipe wire wise wish with within without woke
wolf woman women won won't wonder wood word words wore work worked working works world worm worry worse worst worth
would wouldn't wound wow wrap wrist write writing wrong wrote yard yeah year years yell yellow yep yes yesterday yet
you you'd you'll you're you've young your yours yourself yup zero zone zoo
"""

_NAMES = """
james john robert michael william david richard joseph thomas charles christopher daniel matthew anthony donald steven
paul andrew joshua kenneth kevin brian george edward ronald timothy jason jeffrey ryan jacob gary nicholas eric
jonathan stephen larry justin scott brandon benjamin samuel gregory frank alexander raymond patrick jack dennis jerry
tyler aaron jose henry adam nathan peter zachary kyle walter harold carl jeremy roger keith gerald ethan arthur terry
lawrence sean albert joe willie alan juan louis bruce marvin ralph roy eugene russell bobby philip harry vincent max
leo oliver lucas mary patricia jennifer linda elizabeth barbara susan jessica sarah karen nancy lisa betty margaret
sandra ashley kimberly emily donna michelle carol amanda dorothy melissa deborah stephanie rebecca sharon laura
cynthia kathleen amy angela shirley anna brenda pamela emma nicole helen samantha katherine christine rachel carolyn
janet catherine maria heather diane ruth julie olivia joyce virginia victoria kelly lauren christina joan evelyn
judith megan andrea cheryl hannah jacqueline martha gloria teresa ann sara madison kathryn janice jean alice sophia
grace denise amber doris marilyn danielle beverly isabella theresa diana natalie brittany charlotte marie sheila kayla
alexis lori anne lucy ella chloe mommy mama daddy papa honey sweetie buddy siri alexa google
"""

FILLER_WORDS = tuple(dict.fromkeys((*_WORDS.split(), *_NAMES.split())))
"""Some 1,800 words that are decoded and rejected (see hearing.decoding_graph). The commoner a word is in talk, the more
false alarms it prevents."""
