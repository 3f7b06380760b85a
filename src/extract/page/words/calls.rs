//! Invitations to read on, counters, and what else a link says that is no title. Lists are lower-case, a string a language.

use std::collections::HashSet;
use std::sync::LazyLock;

use super::{LONGEST_CALL_BYTES, Openings, bare, has_more_words, is_longer, phrases};

/// Invitations that nothing else begins or ends with.
const READ_ON: &[&str] = &[
    "read more|continue reading|keep reading|read the rest|read the full|read full article|read full post|read full story",
    "weiterlesen|mehr lesen|ganzen artikel lesen|zum artikel|zum beitrag",
    "lire la suite|lire plus|lire l'article|lire l’article|en savoir plus|continuer la lecture",
    "leer más|leer mas|seguir leyendo|continuar leyendo|sigue leyendo",
    "leia mais|ler mais|continue lendo|continuar lendo|continuar a ler|continue a ler",
    "leggi tutto|leggi di più|continua a leggere|continua la lettura",
    "lees meer|lees verder|verder lezen",
    "czytaj dalej|czytaj więcej|czytaj całość",
    "číst dál|číst dále|číst více|celý článek|čítať ďalej",
    "läs mer|läs vidare|fortsätt läsa",
    "læs mere|læs videre|fortsæt læsning|les mer|les videre",
    "lue lisää|jatka lukemista",
    "devamını oku|devamı için tıklayın|okumaya devam et",
    "διαβάστε περισσότερα|διαβάστε τη συνέχεια|συνέχεια ανάγνωσης",
    "читать дальше|читать далее|читать полностью|продолжить чтение",
    "читати далі|читати повністю|докладніше",
    "прочети още|прочетете повече|още по темата",
    "прочитај повеќе|повеќе за ова|прочитај још|pročitaj više",
    "citește mai mult|citește mai departe|tovább olvasom|olvass tovább",
    "阅读全文|阅读更多|阅读全部|阅读剩余部分|继续阅读|查看全文|查看更多|閱讀更多|閱讀全文|繼續閱讀|查看詳情",
    "続きを読む|もっと読む|記事を読む|全文を読む",
    "더 보기|더보기|더 읽기|계속 읽기|자세히 보기",
    "اقرأ المزيد|إقرأ المزيد|تابع القراءة|المزيد",
    "קרא עוד|קראו עוד|המשך קריאה|להמשך קריאה",
    "आगे पढ़ें|और पढ़ें|पूरा पढ़ें",
    "อ่านต่อ|อ่านเพิ่มเติม",
    "đọc tiếp|đọc thêm|xem thêm",
    "baca selengkapnya|selengkapnya|baca lebih lanjut",
    "lasīt vairāk|lasīt tālāk|skaityti daugiau|skaityti toliau|loe edasi|loe rohkem|loe lähemalt",
    "preberi več|preberite več|beri dalje|čítať viac|pročitajte više|saznaj više|saznajte više|прочитајте више|опширније",
    "llegeix més|llegir més|continua llegint|ler máis|seguir lendo|irakurri gehiago|lesa meira|lesa áfram",
    "আরও পড়ুন|আরো পড়ুন|மேலும் படிக்க|magbasa pa|soma zaidi|lexo më shumë|darllen mwy",
];

/// Other texts of links that are never a title: where to read, to turn, to answer, to share.
const CALLS: &[&str] = &[
    "read|more|continue|read on|read article|read post|read story|read the article|read the post|read the story|full story|\
     learn more|view post|view|view article|read now|read this|open|details|see more|show more|view more|more details|more info|\
     permalink|permanent link|link|link to this|link to this post|link to this entry|link here|direct link|show notes|transcript|listen|listen now|watch|play|download|\
     read later|share|tweet|share this|share this post|comments|comment|leave a comment|add comment|post a comment|\
     write a comment|reply|no comments|email this|blogthis|like|next|previous|older|newer|older posts|newer posts|older entries|\
     newer entries|next page|previous page|load more|back|top|back to top|home|all posts|all articles|view all|see all|edit|\
     edit this page|edit on github|source|demo|discuss|discuss on twitter|save|bookmark|facebook|twitter|linkedin|mastodon|\
     email|mail|print|trackback|trackbacks|subscribe|sign up|log in|rss|html|pdf",
    "mehr|weiter|mehr erfahren|lesen|kommentare|kommentieren|kommentar schreiben|keine kommentare|teilen|drucken|zurück|\
     nach oben|startseite|ältere beiträge|neuere beiträge|abonnieren|anhören|herunterladen",
    "lire|voir|voir plus|suite|commentaires|commenter|aucun commentaire|laisser un commentaire|partager|imprimer|retour|\
     haut de page|accueil|articles plus anciens|s'abonner|écouter|télécharger",
    "leer|ver más|más|ver|comentarios|comentar|sin comentarios|deja un comentario|compartir|imprimir|volver|inicio|\
     entradas antiguas|suscribirse|escuchar|descargar",
    "ler|ver mais|mais|saiba mais|comentários|comentar|sem comentários|partilhar|compartilhar|imprimir|voltar|início|\
     mensagens antigas|subscrever|ouvir|baixar",
    "leggi|continua|altro|di più|scopri di più|commenti|nessun commento|lascia un commento|condividi|stampa|indietro|\
     iscriviti|ascolta|scarica",
    "lees|meer|reacties|geen reacties|reageer|delen|afdrukken|terug|oudere berichten|luister",
    "więcej|czytaj|komentarze|brak komentarzy|dodaj komentarz|udostępnij|drukuj|wstecz|starsze wpisy|starsze posty",
    "více|číst|tlačiť|vytisknout|komentáře|žádné komentáře|přidat komentář|sdílet|zpět|starší příspěvky",
    "mer|läs|kommentarer|inga kommentarer|lämna en kommentar|dela|tillbaka|äldre inlägg",
    "mere|læs|kommentarer|ingen kommentarer|skriv en kommentar|del|tilbage|ældre indlæg|les|eldre innlegg",
    "lisää|lue|kommentit|ei kommentteja|jaa|takaisin|vanhemmat",
    "devamı|oku|yorumlar|yorum yok|yorum yap|paylaş|geri|önceki yazılar",
    "περισσότερα|σχόλια|κανένα σχόλιο|κοινοποίηση|πίσω|παλαιότερα",
    "читать|далее|подробнее|ещё|еще|комментарии|нет комментариев|комментировать|поделиться|назад|старые записи|скачать|слушать",
    "читати|далі|детальніше|коментарі|немає коментарів|поширити|назад|старіші записи",
    "още|коментари|няма коментари|сподели|назад|по-стари|повеќе|коментари|нема коментари|сподели",
    "mai mult|comentarii|niciun comentariu|distribuie|tovább|hozzászólások|nincs hozzászólás|megosztás",
    "阅读|详细|详情|更多|更多内容|全文|评论|暂无评论|发表评论|没有评论|分享|收藏|返回|返回顶部|上一页|下一页|回复|\
     閱讀|詳細|更多內容|評論|留言|沒有留言|發表評論|上一頁|下一頁|回覆",
    "続き|詳細|詳しくはこちら|コメント|コメントを書く|コメントする|シェア|シェアする|ツイート|ツイートする|戻る|次へ|前へ|次のページ|前のページ|トップへ",
    "읽기|자세히|댓글|댓글 쓰기|공유|공유하기|이전|다음|목록|목록으로|맨 위로|구독",
    "تعليقات|لا تعليقات|لا توجد تعليقات|أضف تعليقا|شارك|مشاركة|التالي|السابق|تفاصيل",
    "עוד|תגובות|אין תגובות|הוסף תגובה|שתף|הבא|הקודם|פרטים",
    "पढ़ें|और|टिप्पणियाँ|टिप्पणी करें|साझा करें|शेयर करें|अगला|पिछला",
    "อ่าน|ความคิดเห็น|ไม่มีความคิดเห็น|แชร์|ถัดไป|ก่อนหน้า",
    "đọc|chi tiết|bình luận|chưa có bình luận|chia sẻ|tiếp|trước|trang sau|trang trước",
    "baca|lanjut|komentar|tidak ada komentar|bagikan|kembali",
];

/// Prefixes of labels that screen readers get for a link.
const LABEL_PREFIXES: &[&str] = &[
    "post link to ",
    "permanent link to ",
    "permalink to ",
    "link to ",
    "read more about ",
    "continue reading ",
    "read more: ",
    "read full article about ",
    "read the article ",
    "read article: ",
    "read post: ",
    "read ",
    "go to ",
    "open ",
    "view post: ",
    "weiterlesen: ",
    "lire la suite de ",
    "lire l'article ",
    "leer más sobre ",
    "leer más: ",
    "leia mais sobre ",
    "leggi tutto: ",
    "lees meer over ",
    "czytaj dalej: ",
    "читать далее: ",
];

/// What blogs count beside a post; the beginnings of words.
const COUNTED: &[&str] = &[
    "comment|word|view|like|share|repl|response|reaction|hit|read|clap|point|vote|note|trackback|ping|star|listen|download|\
     favorite|favourite|boost|repost|character|char|upvote",
    "kommentar|wörter|wort|aufruf|zugriff|antwort|zeichen",
    "commentaire|rétrolien|mots|vues|réponse|lectures|caractères",
    "comentario|palabras|visitas|vistas|respuesta|lecturas",
    "comentário|palavras|visualizaç|visualizações|respostas",
    "comment|parole|visualizzazion|visite|rispost",
    "reactie|woorden|weergaven",
    "komentarz|komentarze|słów|wyświetle|odsłon|odpowied",
    "komentář|slov|zobrazení|odpověd",
    "kommentar|ord|visning|svar",
    "kommentti|kommenttia|sanaa|katselu",
    "yorum|kelime|görüntülenme|okunma",
    "σχόλι|λέξεις|προβολ",
    "слов|комментар|просмотр|ответ|слова",
    "коментар|перегляд|слів|преглед|думи|зборови",
    "comentarii|cuvinte|hozzászólás|szó|megtekintés",
    "字|字数|字數|条评论|條評論|则留言|則留言|评论|評論|留言|阅读|閱讀|阅读量|浏览|瀏覽|浏览量|次浏览|次阅读|点赞|點讚|热度|推荐|推薦|收藏|赞|喜欢|转发",
    "コメント|件のコメント|文字|件|いいね",
    "댓글|조회|조회수|공감|단어|자|개의 댓글",
    "تعليق|تعليقات|مشاهدة|مشاهدات|كلمة",
    "תגובות|תגובה|צפיות|מילים",
    "टिप्पणियाँ|टिप्पणी|शब्द|व्यूज",
    "ความคิดเห็น|ครั้ง|คำ",
    "bình luận|lượt xem|từ",
    "pripomb|ogled|pregled|pogled|komentár|komentāri|komentāru|skatījum|komentar|peržiūr|komentarų|kommentaar|vaatamis",
    "vizualizări|afișări|visualitzacion|comentaris|iruzkin|ikustaldi|athugasemd|ummæli|koment|lexime|pjesë",
    "মন্তব্য|বার পঠিত|கருத்து|పాఠ|komen|tontonan|puna|maoni|marufi|تبصر|نظر|بازدید|دیدگاه|մեկնաբան|კომენტარ|пікір|шолу",
    "komentar|kata|kali dibaca",
];

/// Behind a number: how often something was done.
const TIMES: &[&str] = &[
    "times",
    "time",
    "mal",
    "fois",
    "veces",
    "vezes",
    "volte",
    "keer",
    "razy",
    "krát",
    "gånger",
    "gange",
    "ganger",
    "kertaa",
    "kez",
    "kere",
    "φορές",
    "раз",
    "раза",
    "разів",
    "пъти",
    "пати",
    "puta",
    "krat",
    "ori",
    "alkalommal",
    "kartus",
    "kartų",
    "reizes",
    "korda",
    "vegades",
    "aldiz",
    "次",
    "回",
    "번",
    "مرة",
    "פעמים",
    "बार",
    "ครั้ง",
    "lần",
    "kali",
    "mara",
];

/// Words of links that lead to the whole of a text, beside [`READ_ON`].
const READ: &[&str] = &[
    "read|read article|read post|read story|read the article|read the post|read the story|read now|read this|full story",
    "lesen|lire|leer|ler|leggi|lees|czytaj|číst|čítať|läs|læs|les|lue|oku|читать|читати|阅读|閱讀|読む|읽기|पढ़ें|อ่าน|đọc|baca",
    "open|view|view post|view article|details|learn more|öffnen|ansehen|voir|ver|apri|abrir|åbn|öppna|aç",
];

static READ_ON_OPENINGS: LazyLock<Openings> = LazyLock::new(|| Openings::new(READ_ON));
static COUNTED_OPENINGS: LazyLock<Openings> = LazyLock::new(|| Openings::new(COUNTED));
static CALL_SET: LazyLock<HashSet<&str>> =
    LazyLock::new(|| phrases(READ_ON).chain(phrases(CALLS)).collect());

/// True for "Read more »" and the like, and for texts without a letter or figure.
pub(in crate::extract::page) fn is_call(text: &str) -> bool {
    /// A longer text that begins like an invitation is a sentence.
    const LONGEST_CHARS: usize = 60;
    if text.len() > LONGEST_CALL_BYTES {
        return !text.contains(char::is_alphanumeric);
    }
    let text = bare(text);
    // most are titles: too long for any of it
    if is_longer(text, LONGEST_CHARS) && has_more_words(text, 2) {
        return false;
    }
    let apart = parted(text).to_lowercase();
    let text = text.to_lowercase();
    text.is_empty()
        || CALL_SET.contains(text.as_str())
        || is_counter(&text)
        || !is_longer(&text, LONGEST_CHARS) && opens_with_call(&apart)
}

/// `text` with a blank where a capital touches the small letter before it, as what only screen readers show does: "Read
/// moreAbout".
fn parted(text: &str) -> String {
    let mut out = String::with_capacity(text.len() + 2);
    for c in text.chars() {
        if c.is_uppercase() && out.ends_with(char::is_lowercase) {
            out.push(' ');
        }
        out.push(c);
    }
    out
}

/// True for a call to read the whole of something; false for one to turn a page, to answer or to share.
pub(in crate::extract::page) fn says_read(text: &str) -> bool {
    let text = bare(text);
    if text.len() > LONGEST_CALL_BYTES || text.is_empty() {
        return false;
    }
    let text = text.to_lowercase();
    phrases(READ).any(|call| call == text) || opens_with_call(&text)
}

/// "Read more about X", "Continue reading X", "Weiterlesen: X": long calls that repeat the title.
fn opens_with_call(text: &str) -> bool {
    READ_ON_OPENINGS
        .of(text)
        .any(|call| !text[call.len()..].starts_with(|c: char| c.is_alphabetic() && c < '\u{2e80}'))
}

/// `text` without the invitation to read on glued to its end ("… and so on. Read more »").
pub(in crate::extract::page) fn without_trailing_call(text: &str) -> &str {
    let text = text.trim();
    let head = text.trim_end_matches(|c: char| !c.is_alphanumeric());
    let Some(start) = phrases(READ_ON)
        .filter_map(|call| start_of_ending(head, call))
        .min()
    else {
        return text;
    };
    text[..start].trim().trim_end_matches(['[', '(']).trim()
}

/// Where the end of `text` begins that spells `ending` (lower-case), if no word goes on there.
fn start_of_ending(text: &str, ending: &str) -> Option<usize> {
    let mut at = text.len();
    let mut characters = text.char_indices().rev();
    for wanted in ending.chars().rev() {
        let (start, c) = characters.next()?;
        if c != wanted && !c.to_lowercase().eq([wanted]) {
            return None;
        }
        at = start;
    }
    // glued to the last word of an excerpt it begins with a capital
    let capital = text[at..].starts_with(char::is_uppercase);
    let free = !text[..at].ends_with(|c: char| c.is_alphabetic() && c < '\u{2e80}');
    (free || capital).then_some(at)
}

/// True for a few words that begin by telling the reader to read: "Read case study", "View project". Less sure than
/// [`is_call`] (a title may begin so), and for what stands behind a title only.
pub(in crate::extract::page) fn is_invitation(text: &str) -> bool {
    const VERBS: [&str; 12] = [
        "read", "view", "continue", "explore", "discover", "open", "see", "learn", "lire", "voir",
        "leer", "ver",
    ];
    let text = bare(text);
    if has_more_words(text, 4) {
        return false;
    }
    let text = text.to_lowercase();
    let mut words = text.split_whitespace();
    let begins = words.next().is_some_and(|word| VERBS.contains(&word));
    begins && (1..=3).contains(&words.count()) && !text.ends_with(['.', '!', '?', '…'])
}

/// "3 comments", "1313 words", "浏览：558", "12": a number with at most one word, or one that says what is counted.
pub(in crate::extract::page) fn is_counter(text: &str) -> bool {
    /// No counter is longer.
    const LONGEST_CHARS: usize = 40;
    let text = bare(text);
    if is_longer(text, LONGEST_CHARS) {
        return false;
    }
    let text = text.to_lowercase();
    if text.chars().all(|c| c.is_ascii_digit()) {
        return !text.is_empty();
    }
    text.contains(|c: char| c.is_ascii_digit()) && counts(&text) || nothing_counted(&text)
}

/// True if `text` is one number and what is counted, on either side of it.
fn counts(text: &str) -> bool {
    let figure = |c: char| c.is_ascii_digit() || matches!(c, ',' | '.' | '+');
    let Some(start) = text.find(|c: char| c.is_ascii_digit()) else {
        return false;
    };
    let end = start
        + text[start..]
            .find(|c| !figure(c))
            .unwrap_or(text.len() - start);
    let behind = text[end..]
        .strip_prefix(['k', 'm'])
        .filter(|rest| !rest.starts_with(char::is_alphabetic));
    let behind = behind.unwrap_or(&text[end..]);
    if behind.contains(|c: char| c.is_ascii_digit()) {
        return false;
    }
    let mark = |c: char| !c.is_alphanumeric();
    let (before, behind) = (text[..start].trim_matches(mark), behind.trim_matches(mark));
    match (before.is_empty(), behind.is_empty()) {
        (true, false) => is_counted(behind),
        (false, true) => is_counted(before) && !is_year(&text[..end], start),
        // "seen 12 times"
        (false, false) => TIMES.contains(&behind) && !before.contains(char::is_whitespace),
        _ => false,
    }
}

/// True if the number that ends `text` is a year, and nothing marks it as a count ("Notes 2024", not "Notes: 2024").
fn is_year(text: &str, start: usize) -> bool {
    let year = &text[start..];
    year.len() == 4
        && (year.starts_with("19") || year.starts_with("20"))
        && !text[..start].trim_end().ends_with([':', '：', '('])
}

/// True for the name of what blogs count, bent as its language bends it, alone or with a little word behind it ("views",
/// "comments so far").
fn is_counted(text: &str) -> bool {
    /// Longer endings make another word of it: "notebooks" are no notes.
    const LONGEST_ENDING: usize = 3;
    const BEHIND: [&str; 7] = ["so", "far", "yet", "on", "total", "times", "now"];
    COUNTED_OPENINGS.of(text).any(|unit| {
        let rest = &text[unit.len()..];
        let end = rest
            .find(|c: char| !c.is_alphabetic())
            .unwrap_or(rest.len());
        rest[..end].chars().count() <= LONGEST_ENDING
            && rest[end..]
                .split_whitespace()
                .all(|word| BEHIND.contains(&word))
    })
}

/// "No comments yet", "leave a reply".
fn nothing_counted(text: &str) -> bool {
    const LONGEST_BYTES: usize = 30;
    let mut words = text.split_whitespace();
    let none = matches!(
        words.next(),
        Some("no" | "leave" | "keine" | "aucun" | "sin" | "sem")
    );
    let word = words.next().map(|word| {
        if matches!(word, "a" | "un") {
            words.next().unwrap_or("")
        } else {
            word
        }
    });
    none && text.len() < LONGEST_BYTES && word.is_some_and(is_counted)
}

/// A link's label without "Permanent link to" and the like.
pub(in crate::extract::page) fn without_label_prefix(text: &str) -> &str {
    let text = text.trim();
    for prefix in LABEL_PREFIXES {
        let mut rest = text.chars();
        if prefix.chars().all(|wanted| {
            rest.next()
                .is_some_and(|c| c == wanted || c.to_lowercase().eq([wanted]))
        }) {
            return rest
                .as_str()
                .trim()
                .trim_matches(['"', '“', '”', '«', '»', '„']);
        }
    }
    text
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn invitations_to_read_on_are_known_in_many_languages() {
        for text in [
            "Read more »",
            "[Read more...]",
            "Continue reading “Plums”",
            "Weiterlesen: Herbstlaub",
            "Lire la suite →",
            "- 阅读剩余部分 -",
            "続きを読む",
            "Devamını oku",
            "اقرأ المزيد",
            "3 Kommentare",
            "浏览：558",
            "1.2k views",
            "No comments yet",
            "203 notes",
            "→",
        ] {
            assert!(is_call(text), "{text}");
        }
        for text in [
            "Weiterlesenswert",
            "Reading the river",
            "Plums",
            "Comments considered harmful",
            "Reading 2024",
            "7 notebooks",
            "7 wonders",
            "Release 1.41.0",
        ] {
            assert!(!is_call(text), "{text}");
        }
    }

    #[test]
    fn an_invitation_at_the_end_of_an_excerpt_is_cut() {
        for (text, left) in [
            ("The heap smoked. Read more »", "The heap smoked."),
            ("Das Laub bleibt. Weiterlesen", "Das Laub bleibt."),
            ("La pluie. [Lire la suite]", "La pluie."),
            ("本文记录。[阅读全文]", "本文记录。"),
            (
                "We should all read more books",
                "We should all read more books",
            ),
        ] {
            assert_eq!(without_trailing_call(text), left);
        }
    }
}
