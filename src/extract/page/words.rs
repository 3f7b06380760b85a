//! Small word lists by which the parts of an item are told apart, in the languages of the web. All lower-case.

/// Invitations to read on, and other texts of links that are never a title.
const CALLS: &[&str] = &[
    "read more",
    "read",
    "more",
    "continue",
    "continue reading",
    "read on",
    "read article",
    "read post",
    "read story",
    "read the article",
    "read the post",
    "read full article",
    "read full post",
    "read the full post",
    "keep reading",
    "full story",
    "learn more",
    "view post",
    "view",
    "view article",
    "read now",
    "read this",
    "open",
    "details",
    "see more",
    "show more",
    "view more",
    "permalink",
    "permanent link",
    "link",
    "link to this post",
    "weiterlesen",
    "mehr lesen",
    "mehr",
    "weiter",
    "lire la suite",
    "lire plus",
    "lire",
    "en savoir plus",
    "leer más",
    "leer mas",
    "seguir leyendo",
    "continuar leyendo",
    "ver más",
    "leia mais",
    "ler mais",
    "continue lendo",
    "continuar lendo",
    "leggi tutto",
    "continua a leggere",
    "leggi",
    "continua",
    "lees meer",
    "lees verder",
    "czytaj dalej",
    "czytaj więcej",
    "więcej",
    "читать дальше",
    "читать далее",
    "читать",
    "далее",
    "подробнее",
    "читати далі",
    "阅读全文",
    "阅读更多",
    "阅读全部",
    "继续阅读",
    "查看全文",
    "閱讀更多",
    "閱讀全文",
    "続きを読む",
    "続き",
    "もっと読む",
    "詳細",
    "더 보기",
    "더보기",
    "계속 읽기",
    "baca selengkapnya",
    "read later",
    "share",
    "tweet",
    "comments",
    "comment",
    "leave a comment",
    "reply",
    "no comments",
    "next",
    "previous",
    "older",
    "newer",
    "older posts",
    "newer posts",
    "next page",
    "previous page",
    "back",
    "top",
    "back to top",
    "home",
    "all posts",
    "view all",
    "see all",
    "kommentare",
    "commentaires",
    "comentarios",
    "edit",
    "edit this page",
    "edit on github",
    "source",
    "discuss",
    "discuss on twitter",
    "save",
    "bookmark",
    "facebook",
    "twitter",
    "linkedin",
    "email",
    "コメント",
    "评论",
    "trackback",
    "trackbacks",
    "subscribe",
    "прочитај повеќе",
    "повеќе",
    "citește mai mult",
    "läs mer",
    "les mer",
    "læs mere",
    "lue lisää",
    "devamını oku",
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
    "read ",
    "go to ",
    "open ",
    "read full article about ",
    "view post: ",
];

/// Words before a date that make it a date of change.
const UPDATED: &[&str] = &[
    "updated",
    "update",
    "modified",
    "last edited",
    "edited",
    "revised",
    "更新",
    "修改",
    "aktualisiert",
    "geändert",
    "mis à jour",
    "modifié",
    "actualizado",
    "modificado",
    "atualizado",
    "aggiornato",
    "bijgewerkt",
    "zaktualizowano",
    "обновлено",
    "изменено",
    "оновлено",
    "수정",
    "업데이트",
];

/// Words before a person's name.
const BY: &[&str] = &[
    "by",
    "posted by",
    "written by",
    "published by",
    "author:",
    "author",
    "von",
    "par",
    "por",
    "di",
    "door",
    "autor:",
    "autor",
    "作者",
    "作者：",
    "文 /",
    "от",
    "автор:",
    "автор",
    "geschrieben von",
    "publié par",
    "escrito por",
    "publicado por",
    "di:",
    "by:",
];

/// Texts that name a part of the item and say nothing themselves.
const LABELS: &[&str] = &[
    "posted",
    "published",
    "posted on",
    "published on",
    "on",
    "in",
    "under",
    "posted in",
    "filed under",
    "tags",
    "tag",
    "tagged",
    "categories",
    "category",
    "topics",
    "date",
    "author",
    "new",
    "featured",
    "pinned",
    "draft",
    "sticky",
    "am",
    "at",
    "le",
    "el",
    "in:",
    "reading time",
    "read time",
    "time to read",
    "min",
    "minutes",
    "geschrieben am",
    "veröffentlicht am",
    "geschrieben",
    "veröffentlicht",
    "publié le",
    "publicado",
    "publicado el",
    "publicado em",
    "pubblicato",
    "pubblicato il",
    "发布于",
    "发表于",
    "分类",
    "标签",
    "分類",
    "置顶",
    "kategorien",
    "kategorie",
    "schlagwörter",
    "catégories",
    "and",
    "&",
    "by",
    "from",
    "zu",
    "et",
    "y",
    "e",
    "in category",
    "latest",
    "filed in",
    "written",
    "posted at",
    "permalink",
    "words",
    "comments",
    "categoría",
    "categorías",
    "etiquetas",
    "created",
    "建立",
    "创建于",
    "date:",
    "분류",
    "날짜",
    "태그",
    "カテゴリー",
    "タグ",
    "投稿日",
];

/// No call, label or counter is longer: prose need not be looked up.
const LONGEST_CALL_BYTES: usize = 240;
/// No entry of the lists of calls and labels is longer, in characters.
const LONGEST_ENTRY: usize = 30;
/// A call that goes on with a title is shorter, in characters.
const LONGEST_OPEN_CALL: usize = 60;
/// A counter of three words or more is shorter, in bytes.
const LONGEST_COUNTER_BYTES: usize = 30;

fn bare(text: &str) -> &str {
    text.trim_matches(|c: char| !c.is_alphanumeric())
}

/// True if `text` has more than `most` characters.
fn is_longer(text: &str, most: usize) -> bool {
    text.len() > most && text.chars().nth(most).is_some()
}

/// True if `text` has more than `most` words.
fn has_more_words(text: &str, most: usize) -> bool {
    text.split_whitespace().nth(most).is_some()
}

/// True for "Read more »" and the like, and for texts without a letter or figure.
pub(super) fn is_call(text: &str) -> bool {
    if text.len() > LONGEST_CALL_BYTES {
        return !text.contains(char::is_alphanumeric);
    }
    let text = bare(text);
    // most are titles: too long for any of it
    if is_longer(text, LONGEST_OPEN_CALL - 1) && has_more_words(text, 2) {
        return false;
    }
    let text = text.to_lowercase();
    text.is_empty()
        || lists(CALLS, &text)
        || is_counter(&text)
        || !is_longer(&text, LONGEST_OPEN_CALL - 1) && starts_with_call(&text)
}

fn lists(list: &[&str], text: &str) -> bool {
    !is_longer(text, LONGEST_ENTRY) && list.contains(&text)
}

/// True for a few words that begin by telling the reader to read: "Read case study", "View project". Less sure than
/// [`is_call`] (a title may begin so), and for what stands behind a title only.
pub(super) fn is_invitation(text: &str) -> bool {
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

/// "Read more about X", "Continue reading X": long calls that repeat the title.
fn starts_with_call(text: &str) -> bool {
    [
        "read more",
        "continue reading",
        "weiterlesen",
        "lire la suite",
        "leer más",
        "read the rest",
        "читать дальше",
        "читать далее",
        "阅读全文",
        "続きを読む",
    ]
    .iter()
    .any(|call| text.starts_with(call))
}

/// "3 comments", "1313 words", "12": a number with at most one word.
pub(super) fn is_counter(text: &str) -> bool {
    let text = bare(text);
    if is_longer(text, LONGEST_COUNTER_BYTES - 1) && has_more_words(text, 2) {
        return false;
    }
    let text = text.to_lowercase();
    let mut words = text.split_whitespace();
    match (words.next(), words.next(), words.next()) {
        (Some(only), None, _) => only.chars().all(|c| c.is_ascii_digit()),
        (Some(a), Some(b), None) => {
            let figure = |w: &str| {
                w.chars()
                    .all(|c| c.is_ascii_digit() || c == ',' || c == '.' || c == 'k')
            };
            let unit = |w: &str| COUNTED.iter().any(|unit| w.starts_with(unit));
            figure(a) && unit(b)
                || figure(b) && unit(a)
                || figure(b.trim_matches(['(', ')'])) && unit(a)
        }
        (Some(a), Some(b), Some(_)) => {
            (a == "no" || a == "leave" || a.chars().all(|c| c.is_ascii_digit()))
                && COUNTED.iter().any(|unit| b.starts_with(unit))
                && text.len() < LONGEST_COUNTER_BYTES
        }
        _ => false,
    }
}

/// What blogs count beside a post.
const COUNTED: &[&str] = &[
    "comment",
    "word",
    "view",
    "like",
    "share",
    "repl",
    "response",
    "reaction",
    "kommentar",
    "commentaire",
    "comentario",
    "comentário",
    "mots",
    "palabras",
    "wörter",
    "字",
    "条评论",
    "阅读",
    "views",
    "hits",
    "read",
    "claps",
    "points",
    "vote",
    "слов",
    "комментар",
    "댓글",
    "コメント",
];

/// True for a text that only names what stands beside it ("Tags:", "posted on").
pub(super) fn is_label(text: &str) -> bool {
    if text.len() > LONGEST_CALL_BYTES {
        return !text.contains(char::is_alphanumeric);
    }
    let text = text.trim();
    let bare = bare(text);
    bare.is_empty()
        || !is_longer(bare, LONGEST_ENTRY) && lists(LABELS, &bare.to_lowercase())
        || (text.ends_with([':', '：']) && text.chars().count() <= 30)
}

/// True if the words right before a date say that it is one of change.
pub(super) fn says_updated(before: &str) -> bool {
    let before = before.to_lowercase();
    let near = before
        .rsplit(['·', '|', '•', '●', ',', ';', '('])
        .next()
        .unwrap_or("");
    UPDATED.iter().any(|word| near.contains(word))
}

/// The name after "by", if `text` is such a phrase.
pub(super) fn by_line(text: &str) -> Option<&str> {
    let text = text
        .trim()
        .trim_start_matches(['-', '–', '—', ',', '·', '|', ' ']);
    let lower = text.to_lowercase();
    if lower.len() != text.len() {
        return None;
    }
    let prefix = BY.iter().filter(|by| {
        lower.starts_with(**by)
            && lower[by.len()..].chars().next().is_some_and(|c| {
                c.is_whitespace() || c == ':' || c == '：' || by.ends_with(['：', ':'])
            })
    });
    let longest = prefix.max_by_key(|by| by.len())?;
    let name = text
        .get(longest.len()..)?
        .trim_matches(|c: char| c.is_whitespace() || matches!(c, ':' | '：' | ',' | '·' | '|'));
    (!name.is_empty() && name.chars().count() <= 40).then_some(name)
}

/// A link's label without "Permanent link to" and the like.
pub(super) fn without_label_prefix(text: &str) -> &str {
    let text = text.trim();
    for prefix in LABEL_PREFIXES {
        if let Some(head) = text.get(..prefix.len())
            && head.eq_ignore_ascii_case(prefix)
        {
            return text[prefix.len()..].trim().trim_matches(['"', '“', '”']);
        }
    }
    text
}

/// How many words a text has; a Chinese, Japanese or Korean character counts as half a word, for there are no spaces.
pub(super) fn weight(text: &str) -> usize {
    let (words, characters) = count(text);
    words + characters / 2
}

/// How many words a title has; here a character counts as one, for two of them make a title.
pub(super) fn title_weight(text: &str) -> usize {
    let (words, characters) = count(text);
    words + characters
}

/// Words between spaces, and characters that stand for themselves.
fn count(text: &str) -> (usize, usize) {
    if text.is_ascii() {
        return (count_ascii(text), 0);
    }
    let (mut words, mut characters) = (0, 0);
    let mut inside = false;
    for c in text.chars() {
        if is_cjk(c) {
            characters += 1;
            inside = false;
        } else if c.is_alphanumeric() {
            if !inside {
                words += 1;
            }
            inside = true;
        } else if c.is_whitespace() || c == '/' || c == '-' {
            inside = false;
        }
    }
    (words, characters)
}

/// [`count`] for the texts that most are.
fn count_ascii(text: &str) -> usize {
    let mut words = 0;
    let mut inside = false;
    for byte in text.bytes() {
        let part = PARTS[usize::from(byte)];
        words += usize::from(part == Some(true) && !inside);
        inside = part.unwrap_or(inside);
    }
    words
}

/// What an ASCII byte does to a word: begins or continues it, ends it, or neither.
const PARTS: [Option<bool>; 256] = {
    let mut parts = [None; 256];
    let mut byte = 0;
    while byte < 128 {
        #[expect(clippy::cast_possible_truncation, reason = "below 128")]
        let b = byte as u8;
        if b.is_ascii_alphanumeric() {
            parts[byte] = Some(true);
        } else if matches!(b, b' ' | b'\t'..=b'\r' | b'/' | b'-') {
            parts[byte] = Some(false);
        }
        byte += 1;
    }
    parts
};

/// True for characters of scripts written without spaces, and Hangul.
pub(super) fn is_cjk(c: char) -> bool {
    matches!(c, '\u{3040}'..='\u{30ff}' | '\u{3400}'..='\u{9fff}' | '\u{ac00}'..='\u{d7af}' | '\u{f900}'..='\u{faff}')
}

/// Words that announce a title, before a colon.
const TITLE_LABELS: &[&str] = &[
    "title",
    "titel",
    "titre",
    "título",
    "titolo",
    "tytuł",
    "название",
    "标题",
    "標題",
    "タイトル",
    "제목",
];

/// The title after "Title:", if `text` says so.
pub(super) fn title_label(text: &str) -> Option<&str> {
    let (label, title) = text.split_once([':', '：'])?;
    let known = TITLE_LABELS.contains(&label.trim().to_lowercase().as_str());
    (known && !title.trim().is_empty()).then(|| title.trim())
}
