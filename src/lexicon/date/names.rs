//! The words of dates: months, weekdays, zones. Each language's own spellings, long, short and bent by grammar; looked
//! up without case and accents.

use std::collections::{HashMap, HashSet};
use std::sync::LazyLock;

use icu_normalizer::DecomposingNormalizerBorrowed;

use super::cursor::is_letter;
use super::when::Tongue;

/// The months, January first. Where two languages disagree, the more written one wins, `listopad` is November (Polish,
/// Czech) and not October, but where the [`Tongue`] is known ([`CROATIAN`]).
const MONTHS: [&str; 12] = [
    // January
    "january jan januar jänner jän janvier janv enero ene januari janeiro gennaio gen stycznia styczeń sty января январь янв \
     січня січень січ ledna leden led ocak oca ιανουάριος ιανουαρίου ιαν január janúar ianuarie ian tammikuu tammikuuta \
     gener януари яну јануари јануар јан siječnja siječanj sij sausio sausis janvāris janvārī jaanuar ژانویه जनवरी มกราคม \
     xaneiro januára januarja januarie janar yanvar yanvarya ionawr জানুয়ারি জানুয়ারী ஜனவரி జనవరి जानेवारी જાન્યુઆરી \
     ജനുവരി ಜನವರಿ იანვარი \
     يناير ינואר בינואר \
     janairu jannar urtarrila urtarrilak urtarrilaren urt saus jaan студзеня студзень қаңтар հունվար հունվարի \
     جنوری ມັງກອນ មករា ජනවාරි",
    // February
    "february feb febr februar feber février févr fév febrero fevereiro fev febbraio februari lutego luty lut февраля \
     февраль фев февр лютого лютий лют února únor úno şubat şub φεβρουάριος φεβρουαρίου φεβ február februarie helmikuu \
     helmikuuta febrer февруари феб фебруари фебруар veljače veljača velj vasario vasaris februāris februārī veebruar فوریه \
     फरवरी กุมภาพันธ์ \
     febreiro februára shkurt fevral chwefror pebrero ফেব্রুয়ারি ফেব্রুয়ারী பிப்ரவரி ఫిబ్రవరి फेब्रुवारी ફેબ્રુઆરી \
     ഫെബ്രുവരി ಫೆಬ್ರವರಿ თებერვალი \
     شباط فبراير \
     פברואר בפברואר \
     faburairu frar otsaila otsailak otsailaren ots vas veebr лютага люты ақпан փետրվար փետրվարի فروری peb φεβρ \
     ກຸມພາ កុម្ភៈ පෙබරවාරි फ़रवरी",
    // March
    "march mar märz mär mrz maerz mars marzo março marco marzec marca maart mrt марта март мар березня березень бер \
     března březen bře mart μάρτιος μαρτίου μαρ március márc martie marts maaliskuu maaliskuuta març ožujka ožujak ožu \
     kovo kovas martā märts maret मार्च มีนาคม \
     marec machi marso mawrth মার্চ மார்ச் మార్చి માર્ચ മാർച്ച് ಮಾರ್ಚ್ მარტი \
     آذار مارس מרץ במרץ \
     mac maris marzu martxoa martxoak martxoaren kov сакавіка сакавік наурыз մարտ մարտի مارچ ມີນາ មីនា මාර්තු",
    // April
    "april apr avril avr abril abr aprile kwietnia kwiecień kwi апреля апрель апр квітня квітень кві квіт dubna duben dub \
     nisan nis απρίλιος απριλίου απρ április ápr apríl aprilie huhtikuu huhtikuuta април travanj travnja balandžio balandis \
     aprīlis aprīlī aprill آوریل अप्रैल เมษายน \
     apríla prill aprel aprili ebrill এপ্রিল ஏப்ரல் ఏప్రిల్ एप्रिल એપ્રિલ ഏപ്രിൽ ಏಪ್ರಿಲ್ აპრილი \
     نيسان أبريل ابريل إبريل אפריל באפריל \
     tra afirilu apirila apirilak apirilaren api bal красавіка красавік сәуір ապրիլ ապրիլի اپریل ເມສາ មេសា \
     අප්රේල් pri",
    // May
    "may mai mayo maio maggio mag mei maja maj мая май травня травень трав тра května květen kvě mayıs μάιος μαΐου μαι \
     május máj maí toukokuu toukokuuta maig мај svibnja svibanj svi gegužės gegužė maijs maijā मई พฤษภาคม \
     mája maji মে மே మే मे મે മേയ് ಮೇ მაისი \
     أيار ماي مايو מאי במאי \
     mayu mejju maiatza maiatzak maiatzaren geg маі мамыр մայիս մայիսի مئی ພຶດສະພາ ឧសភា මැයි bealtaine",
    // June
    "june jun juni juin junio junho giugno giu czerwca czerwiec cze июня июнь июн червня червень чер черв června červen čer \
     haziran haz ιούνιος ιουνίου ιουν ιούν június jún jún júní iunie iun kesäkuu kesäkuuta juny юни јуни јун lipnja lipanj \
     birželio birželis jūnijs jūnijā juuni ژوئن जून มิถุนายน \
     xuño júna junij junija qershor iyun hunyo mehefin জুন ஜூன் జూన్ જૂન ജൂൺ ಜೂನ್ ივნისი \
     حزيران يونيه يونيو יוני ביוני \
     yuni ġunju ekaina ekainak ekainaren eka birž junie чэрвеня чэрвень маусым հունիս հունիսի جون hun ມິຖຸນາ \
     មិថុនា ජූනි čvn meitheamh qer",
    // July
    "july jul juli juillet juil julio julho luglio lug lipca lipiec lip июля июль июл липня липень лип července červenec \
     čvc temmuz tem ιούλιος ιουλίου ιουλ ιούλ július júl júlí iulie iul heinäkuu heinäkuuta juliol юли јули јул srpnja \
     srpanj liepos liepa jūlijs jūlijā juuli ژوئیه जुलाई กรกฎาคม \
     xullo júla julij julija julai korrik iyul hulyo gorffennaf জুলাই ஜூலை జులై जुलै જુલાઈ ജൂലൈ ಜುಲೈ ივლისი \
     تموز يوليوز يوليه يوليو יולי ביולי \
     yuli lulju uztaila uztailak uztailaren uzt liep julie ліпеня ліпень шілде հուլիս հուլիսի جولائی hul ກໍລະກົດ \
     កក្កដា ජූලි kor iúil",
    // August
    "august aug août aout agosto ago augustus agustus agt agu sierpnia sierpień sie августа август авг серпня серпень сер \
     серп srpna srpen srp ağustos ağu αύγουστος αυγούστου αυγ augusztus augusti ágúst elokuu elokuuta agost kolovoza \
     kolovoz kol rugpjūčio rugpjūtis augusts augustā اوت अगस्त สิงหาคม \
     avgust avgusta augusta gusht avqust agosti ogos awst আগস্ট ஆகஸ்ட் ఆగస్టు ऑगस्ट ઑગસ્ટ ഓഗസ്റ്റ് ಆಗಸ್ಟ್ აგვისტო \
     آب غشت أغسطس اغسطس אוגוסט באוגוסט \
     agusta awwissu abuztua abuztuak abuztuaren abu rugp avg ogo жніўня жнівень тамыз օգոստոս օգոստոսի اگست \
     ສິງຫາ សីហា අගෝස්තු lúnasa",
    // September
    "september sep sept septembre septiembre setiembre setembro settembre set września wrzesień wrz сентября сентябрь сен \
     сент вересня вересень вер верес září zář eylül eyl σεπτέμβριος σεπτεμβρίου σεπ σεπτ szeptember szept septembrie \
     syyskuu syyskuuta setembre септември сеп септ септембар rujna rujan ruj rugsėjo rugsėjis septembris septembrī سپتامبر \
     सितंबर सितम्बर กันยายน \
     septembar septembra shtator sentyabr septemba setyembre medi সেপ্টেম্বর செப்டம்பர் సెప్టెంబర్ सप्टेंबर સપ્ટેમ્બર \
     സെപ്റ്റംബർ ಸೆಪ್ಟೆಂಬರ್ სექტემბერი \
     أيلول شتنبر سبتمبر \
     ספטמבר בספטמבר \
     satumba settembru iraila irailak irailaren ira rugs верасня қыркүйек սեպտեմբեր սեպտեմբերի ستمبر sentabr \
     ກັນຍາ កញ្ញា සැප්තැම්බර් sht",
    // October
    "october oct oktober okt octobre octubre outubro out ottobre ott października październik paź октября октябрь окт \
     жовтня жовтень жов жовт října říjen říj ekim eki οκτώβριος οκτωβρίου οκτ október octombrie lokakuu lokakuuta oktobra \
     октомври октобар spalio spalis oktobris oktobrī oktoober اکتبر अक्टूबर अक्तूबर ตุลาคม \
     oktobar tetor oktyabr oktoba oktubre hydref অক্টোবর அக்டோபர் అక్టోబర్ ऑक्टोबर ઑક્ટોબર ഒക്ടോബർ ಅಕ್ಟೋಬರ್ ოქტომბერი \
     أكتوبر اكتوبر אוקטובר באוקטובר \
     ottubru urria urriak urriaren urr spal кастрычніка кастрычнік қазан հոկտեմբեր հոկտեմբերի اکتوبر oktabr ຕຸລາ \
     តុលា ඔක්තෝබර් tet",
    // November
    "november nov novembre noviembre novembro listopada listopad lis ноября ноябрь ноя нояб листопада листопад лис листоп \
     listopadu kasım kas νοέμβριος νοεμβρίου νοε novembrie nóvember noiembrie noi marraskuu marraskuuta ноември ное \
     новембар нов studenoga studenog studeni stu lapkričio lapkritis novembris novembrī نوامبر नवंबर नवम्बर พฤศจิกายน \
     novembar novembra nëntor noyabr novemba nobyembre tachwedd নভেম্বর நவம்பர் నవంబర్ नोव्हेंबर નવેમ્બર നവംബർ ನವೆಂಬರ್ \
     ნოემბერი \
     نونبر نوفمبر נובמבר בנובמבר \
     nuwamba novembru azaroa azaroak azaroaren aza lapkr лістапада лістапад қараша նոյեմբեր նոյեմբերի نومبر nob \
     ພະຈິກ វិច្ឆិកា නොවැම්බර් nën samhain",
    // December
    "december dec dezember dez décembre déc diciembre dic dezembro dicembre grudnia grudzień gru декабря декабрь дек грудня \
     грудень гру груд prosince prosinec pro aralık ara δεκέμβριος δεκεμβρίου δεκ desember des decembrie joulukuu \
     joulukuuta desembre декември децембар дец prosinca prosinac gruodžio gruodis decembris decembrī detsember دسامبر \
     दिसंबर दिसम्बर ธันวาคม \
     decembro decembar decembra dhjetor dekabr disemba disember disyembre rhagfyr ডিসেম্বর டிசம்பர் డిసెంబర్ डिसेंबर \
     ડિસેમ્બર ഡിസംബർ ಡಿಸೆಂಬರ್ დეკემბერი \
     دجنبر ديسمبر דצמבר \
     בדצמבר \
     disamba diċembru abendua abenduak abenduaren abe gruod dets dis снежня снежань желтоқсан դեկտեմբեր \
     դեկտեմբերի دسمبر ທັນວາ ធ្នូ දෙසැම්බර් dhj nollaig",
];

/// What Croatian calls other months than its neighbours.
const CROATIAN: [(&str, u32); 5] = [
    ("lip", 6),
    ("srp", 7),
    ("lis", 10),
    ("listopad", 10),
    ("listopada", 10),
];

/// The names of months that only Croatian has, folded.
const ONLY_CROATIAN: [&str; 26] = [
    "sijecnja",
    "sijecanj",
    "sij",
    "veljace",
    "veljaca",
    "velj",
    "ozujka",
    "ozujak",
    "ozu",
    "travnja",
    "tra",
    "svibnja",
    "svibanj",
    "svi",
    "lipnja",
    "lipanj",
    "srpnja",
    "srpanj",
    "kolovoza",
    "kolovoz",
    "kol",
    "rujna",
    "rujan",
    "ruj",
    "studenog",
    "studenoga",
];

/// The months as Thai shortens them.
pub(super) const THAI: [&str; 12] = [
    "ม.ค.",
    "ก.พ.",
    "มี.ค.",
    "เม.ย.",
    "พ.ค.",
    "มิ.ย.",
    "ก.ค.",
    "ส.ค.",
    "ก.ย.",
    "ต.ค.",
    "พ.ย.",
    "ธ.ค.",
];

/// True for Thai letters.
pub(super) fn is_thai(c: char) -> bool {
    matches!(c, '\u{e00}'..='\u{e7f}')
}

/// Which of [`THAI`] `text` begins with.
pub(super) fn thai(text: &str) -> Option<usize> {
    let may = text.starts_with(is_thai);
    THAI.iter().position(|month| may && text.starts_with(month))
}

/// The weekdays, in no order: what they say, the date says better.
const WEEKDAYS: &str = "\
    monday mon tuesday tue tues wednesday wed weds thursday thu thur thurs friday fri saturday sat sunday sun \
    montag mo dienstag di mittwoch mi donnerstag do freitag fr samstag sonnabend sa sonntag so \
    lundi lun mardi mar mercredi mer jeudi jeu vendredi ven samedi sam dimanche dim \
    lunes martes miércoles mié jueves jue viernes vie sábado sáb domingo dom \
    segunda seg terça ter quarta qua quinta qui sexta sex feira \
    lunedì martedì mercoledì giovedì gio venerdì sabato sab domenica \
    maandag ma dinsdag woensdag wo donderdag vrijdag vr zaterdag za zondag zo \
    poniedziałek pon pn wtorek wt środa śr czwartek czw cz piątek pt sobota sob niedziela niedz nd ndz \
    понедельник пн вторник вт среда ср четверг чт пятница пт суббота сб воскресенье вс \
    понеділок вівторок середа четвер пʼятниця субота неділя нд \
    pondělí po úterý út středa st čtvrtek čt pátek pá so neděle ne \
    pazartesi pzt salı sal çarşamba çar perşembe per cuma cum cumartesi cmt pazar paz \
    δευτέρα δευ τρίτη τρί τρι τετάρτη τετ πέμπτη πέμ πεμ παρασκευή παρ σάββατο σάβ σαβ κυριακή κυρ \
    hétfő kedd szerda csütörtök péntek szombat vasárnap \
    måndag mån tisdag tis onsdag ons torsdag tor tors fredag fre lördag lör söndag sön \
    mandag man tirsdag tir lørdag lør søndag søn maanantai tiistai keskiviikko torstai perjantai lauantai sunnuntai \
    luni marți miercuri joi vineri sâmbătă duminică \
    senin sen selasa sel rabu rab kamis kam jumat jum sabtu minggu min \
    dilluns dimarts dimecres dijous divendres dissabte diumenge \
    सोमवार मंगलवार बुधवार गुरुवार शुक्रवार शनिवार रविवार \
    понеделник вторник сряда четвъртък петък събота неделя понеделник среда четврток петок сабота недела \
    الاثنين الإثنين الثلاثاء الأربعاء الخميس الجمعة السبت الأحد \
    pondelok utorok streda štvrtok piatok nedeľa ponedeljek torek sreda četrtek petek nedelja ponedjeljak ponedeljak \
    utorak srijeda četvrtak petak subota nedjelja mánudagur þriðjudagur miðvikudagur fimmtudagur föstudagur laugardagur \
    sunnudagur esmaspäev teisipäev kolmapäev neljapäev reede laupäev pühapäev pirmadienis antradienis trečiadienis \
    ketvirtadienis penktadienis šeštadienis sekmadienis pirmdiena otrdiena trešdiena ceturtdiena piektdiena sestdiena \
    svētdiena isnin khamis jumaat ahad lunes martes miyerkules huwebes biyernes sabado linggo jumatatu jumanne jumatano \
    alhamisi ijumaa jumamosi jumapili \
    شنبه یکشنبه دوشنبه چهارشنبه پنجشنبه جمعه";

/// Names of zones and their minutes east of Greenwich. A name that means several places means the one whose blogs are
/// most read (CST: Chicago; IST: India; BST: Britain).
const ZONES: &[(&str, i32)] = &[
    ("utc", 0),
    ("gmt", 0),
    ("ut", 0),
    ("z", 0),
    ("wet", 0),
    ("west", 60),
    ("bst", 60),
    ("cet", 60),
    ("met", 60),
    ("mez", 60),
    ("cest", 120),
    ("mest", 120),
    ("mesz", 120),
    ("eet", 120),
    ("sast", 120),
    ("cat", 120),
    ("eest", 180),
    ("msk", 180),
    ("trt", 180),
    ("eat", 180),
    ("gst", 240),
    ("pkt", 300),
    ("ist", 330),
    ("npt", 345),
    ("ict", 420),
    ("wib", 420),
    ("hkt", 480),
    ("sgt", 480),
    ("pht", 480),
    ("awst", 480),
    ("jst", 540),
    ("kst", 540),
    ("acst", 570),
    ("aest", 600),
    ("aedt", 660),
    ("nzst", 720),
    ("nzdt", 780),
    ("brt", -180),
    ("art", -180),
    ("adt", -180),
    ("nst", -210),
    ("ast", -240),
    ("edt", -240),
    ("est", -300),
    ("et", -300),
    ("cdt", -300),
    ("cst", -360),
    ("mdt", -360),
    ("mst", -420),
    ("pdt", -420),
    ("pst", -480),
    ("pt", -480),
    ("akdt", -480),
    ("akst", -540),
    ("hst", -600),
];

static MONTH_OF: LazyLock<HashMap<String, u32>> = LazyLock::new(|| {
    let mut months = HashMap::new();
    for (number, names) in (1..).zip(MONTHS) {
        for name in names.split_whitespace() {
            months.entry(fold(name)).or_insert(number);
        }
    }
    months
});

static WEEKDAY_NAMES: LazyLock<HashSet<String>> =
    LazyLock::new(|| WEEKDAYS.split_whitespace().map(fold).collect());

/// No name is longer, folded.
const LONGEST: usize = 32;

/// The month that `word` names in that tongue, 1 to 12.
pub(super) fn month(word: &str, tongue: Tongue) -> Option<u32> {
    // the longest is "septiembre"-like; anything much longer is glued prose
    if word.len() > 40 {
        return None;
    }
    folded(word, |name| {
        let own = CROATIAN
            .iter()
            .find(|(own, _)| tongue == Tongue::Croatian && *own == name)
            .map(|(_, month)| *month);
        own.or_else(|| MONTH_OF.get(name).copied())
    })
}

/// The tongue of dates that are written as `texts`, in a document that states this `language` (BCP 47, or none): what it
/// states, or what the names of other months tell.
pub fn tongue<'a>(language: Option<&str>, texts: impl IntoIterator<Item = &'a str>) -> Tongue {
    let states = |tag: &str| {
        let primary = tag.trim().split(['-', '_']).next().unwrap_or("");
        ["hr", "bs", "sh"]
            .iter()
            .any(|own| primary.eq_ignore_ascii_case(own))
    };
    let mut words = texts
        .into_iter()
        .flat_map(|text| text.split(|c| !is_letter(c)));
    let tells =
        |word: &str| word.len() <= LONGEST && folded(word, |word| ONLY_CROATIAN.contains(&word));
    if language.is_some_and(states) || words.any(tells) {
        Tongue::Croatian
    } else {
        Tongue::Other
    }
}

/// True for the name of a month or of a day of the week, in any language that is known, long or short.
pub fn is_calendar_word(word: &str) -> bool {
    month(word, Tongue::Other).is_some() || weekday(word)
}

/// True if `word` names a day of the week.
pub(super) fn weekday(word: &str) -> bool {
    word.len() <= 40 && folded(word, |name| WEEKDAY_NAMES.contains(name))
}

/// What `look` finds under [`fold`] of `word`; an ASCII word, as most are, is folded on the stack.
pub(super) fn folded<T: Default>(word: &str, look: impl Fn(&str) -> T) -> T {
    if !word.is_ascii() {
        return look(&fold(word));
    }
    let mut room = [0; LONGEST];
    let Some(lower) = room.get_mut(..word.len()) else {
        return T::default();
    };
    lower.copy_from_slice(word.as_bytes());
    lower.make_ascii_lowercase();
    std::str::from_utf8(lower).map_or_else(|_| T::default(), look)
}

/// Minutes east of Greenwich of the zone that `word` names.
pub(super) fn zone(word: &str) -> Option<i32> {
    ZONES
        .iter()
        .find(|(name, _)| name.eq_ignore_ascii_case(word))
        .map(|&(_, minutes)| minutes)
}

/// `word` without case and accents.
pub(super) fn fold(word: &str) -> String {
    if word.is_ascii() {
        return word.to_ascii_lowercase();
    }
    DecomposingNormalizerBorrowed::new_nfd()
        .normalize(&word.to_lowercase())
        .chars()
        .filter(|c| !matches!(c, '\u{300}'..='\u{36f}'))
        .collect()
}
