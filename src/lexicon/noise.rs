//! What changes in a text though nobody has edited it: how many have commented, how long ago it was, the name of a request.

use std::collections::HashSet;
use std::ops::Range;
use std::sync::LazyLock;

use super::{date, scan};

/// What sites count beside a post, in scripts with spaces between words.
const COUNTED: &[&str] = &[
    "comment comments view views like likes share shares reply replies response responses reaction reactions clap claps \
     point points vote votes upvote upvotes star stars fork forks hit hits reads visit visits visitor visitors download \
     downloads boost boosts repost reposts retweet retweets favorite favorites favourite favourites trackback trackbacks \
     pingback pingbacks follower followers subscriber subscribers listens plays bookmark bookmarks",
    "kommentar kommentare kommentaren aufruf aufrufe zugriffe antwort antworten reaktion reaktionen stimmen gefällt sterne",
    "commentaire commentaires vue vues réponse réponses lectures réaction réactions partages",
    "comentario comentarios visita visitas respuesta respuestas lecturas reacciones votos",
    "comentário comentários visualização visualizações resposta respostas curtidas votos",
    "commento commenti visualizzazione visualizzazioni visite risposta risposte voti",
    "reactie reacties weergaven antwoorden stemmen",
    "komentarz komentarze komentarzy wyświetleń wyświetlenia odsłon odsłony odpowiedzi głosów",
    "комментарий комментария комментариев просмотр просмотра просмотров ответ ответа ответов голосов",
    "коментар коментарі коментарів перегляд перегляди переглядів відповідей",
    "yorum görüntülenme okunma beğeni kommentarer visninger visningar svar kommenttia",
];
/// The same in scripts without spaces: what may follow the number, and what may stand before it.
const COUNTED_AFTER: &[&str] = &[
    "条评论",
    "條評論",
    "则留言",
    "則留言",
    "评论",
    "評論",
    "留言",
    "次阅读",
    "次閱讀",
    "阅读",
    "閱讀",
    "次浏览",
    "次瀏覽",
    "浏览",
    "瀏覽",
    "点赞",
    "點讚",
    "个赞",
    "人赞",
    "回复",
    "收藏",
    "件のコメント",
    "コメント",
    "いいね",
    "回閲覧",
    "回再生",
    "개의 댓글",
    "개 댓글",
    "댓글",
    "회 조회",
    "조회",
];
const COUNTED_BEFORE: &[&str] = &[
    "评论",
    "評論",
    "留言",
    "阅读",
    "閱讀",
    "阅读量",
    "浏览",
    "瀏覽",
    "浏览量",
    "点赞",
    "點讚",
    "热度",
    "回复",
    "收藏",
    "コメント",
    "コメント数",
    "いいね",
    "閲覧数",
    "댓글",
    "조회",
    "조회수",
    "공감",
];
/// A shorter word of letters and digits may be a name that somebody gave, bytes.
const MIN_TOKEN: usize = 20;
/// How far one looks for the ends of a word, bytes.
const REACH: usize = 128;
/// So many letters and so many digits make a long word one that nobody wrote.
const MIN_EACH: usize = 4;

/// Where in `text`, which is one line, such things stand: in order, none inside another. Most texts have none.
///
/// Counts ("12 comments", "1.2k views", "评论(3)"), spans before now ("3 min ago", "vor 2 Stunden"), times with seconds, and
/// words that only a program writes (UUIDs, nonces, hashes).
#[must_use]
pub fn find(text: &str) -> Vec<Range<usize>> {
    let mut found: Vec<Range<usize>> = Vec::new();
    let bytes = text.as_bytes();
    let mut at = 0;
    while let Some(next) = scan::first(&bytes[at..], |b| b.is_ascii_digit()) {
        let start = at + next;
        let range = noise(text, start);
        at = range
            .as_ref()
            .map_or(start, |it| it.end)
            .max(number(text, start));
        found.extend(range.filter(|it| found.last().is_none_or(|last| last.end <= it.start)));
    }
    found
}

/// Where in a title the number of comments stands that ends it: "A title (12)".
#[must_use]
pub fn ending(title: &str) -> Option<Range<usize>> {
    let trimmed = title.trim_end();
    let inside = trimmed.strip_suffix([')', ']', '）'])?;
    let bare = inside.trim_end_matches(|c: char| c.is_ascii_digit());
    let before = bare.strip_suffix(['(', '[', '（'])?;
    (bare.len() < inside.len() && !before.trim().is_empty()).then_some(before.len()..title.len())
}

/// That around the number that begins at byte `start`.
fn noise(text: &str, start: usize) -> Option<Range<usize>> {
    let word = word_around(text, start);
    if is_token(&text.as_bytes()[word.clone()]) {
        return Some(word);
    }
    if word.start < start {
        return None;
    }
    if let Some(span) = date::ago(text, start) {
        return Some(span);
    }
    let end = number(text, start);
    if let Some(end) = clock(text, start) {
        return Some(start..end);
    }
    if let Some(end) = noun_after(text, end) {
        return Some(start..end);
    }
    noun_before(text, start).map(|begin| begin..end)
}

/// The run of ASCII letters, digits, `-` and `_` around a byte, as far as one looks.
fn word_around(text: &str, at: usize) -> Range<usize> {
    let is_part = |b: &&u8| b.is_ascii_alphanumeric() || matches!(b, b'-' | b'_');
    let (before, after) = text.as_bytes().split_at(at);
    let before = before.iter().rev().take(REACH).take_while(is_part).count();
    let after = after.iter().take(REACH).take_while(is_part).count();
    at - before..at + after
}

fn is_token(word: &[u8]) -> bool {
    let count = |is: fn(&u8) -> bool| word.iter().filter(|b| is(b)).count();
    word.len() >= MIN_TOKEN
        && count(u8::is_ascii_digit) >= MIN_EACH
        && count(u8::is_ascii_alphabetic) >= MIN_EACH
}

/// Where the number that begins at `start` ends: "1,024", "1.2k", "300+".
fn number(text: &str, start: usize) -> usize {
    let bytes = text.as_bytes();
    let is_digit = |at: usize| bytes.get(at).is_some_and(u8::is_ascii_digit);
    let mut end = start;
    while is_digit(end) || matches!(bytes.get(end), Some(b'.' | b',')) && is_digit(end + 1) {
        end += 1;
    }
    let is_unit = matches!(bytes.get(end), Some(b'k' | b'K' | b'm' | b'M'))
        && !bytes.get(end + 1).is_some_and(u8::is_ascii_alphanumeric);
    end += usize::from(is_unit);
    end + usize::from(bytes.get(end) == Some(&b'+'))
}

/// The end of a time with seconds, "12:03:55".
fn clock(text: &str, start: usize) -> Option<usize> {
    let end = start + "12:03:55".len();
    let is_clock = (text.as_bytes().get(start..end)?.iter().enumerate()).all(|(at, b)| {
        if at % 3 == 2 {
            *b == b':'
        } else {
            b.is_ascii_digit()
        }
    });
    is_clock.then_some(end)
}

/// The end of what is counted, behind a number.
fn noun_after(text: &str, end: usize) -> Option<usize> {
    let rest = text.get(end..)?;
    let space = rest.len() - rest.trim_start().len();
    let rest = rest.trim_start();
    if let Some(noun) = COUNTED_AFTER.iter().find(|noun| rest.starts_with(**noun)) {
        return Some(end + space + noun.len());
    }
    let word = rest.split(|c: char| !c.is_alphabetic()).next()?;
    is_counted(word).then_some(end + space + word.len())
}

/// The beginning of what is counted, before a number: "Comments: 12", "Views (3)", "评论 5".
fn noun_before(text: &str, start: usize) -> Option<usize> {
    let before = text.get(..start)?;
    let bare = before.trim_end_matches([' ', ':', '(', '：', '（']);
    if let Some(noun) = COUNTED_BEFORE.iter().find(|noun| bare.ends_with(**noun)) {
        return Some(bare.len() - noun.len());
    }
    let is_parted = before[bare.len()..].contains([':', '(']);
    let word = bare.rsplit(|c: char| !c.is_alphabetic()).next()?;
    (is_parted && is_counted(word)).then_some(bare.len() - word.len())
}

fn is_counted(word: &str) -> bool {
    static WORDS: LazyLock<HashSet<&str>> =
        LazyLock::new(|| COUNTED.iter().flat_map(|it| it.split(' ')).collect());
    // no such word is longer
    (3..=40).contains(&word.len()) && WORDS.contains(word.to_lowercase().as_str())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn without(text: &str) -> String {
        let mut rest = text.to_owned();
        for range in find(text).into_iter().rev() {
            rest.replace_range(range, "");
        }
        rest.split_whitespace().collect::<Vec<_>>().join(" ")
    }

    #[test]
    fn counts_spans_and_tokens_are_found_and_nothing_else_of_the_text() {
        for (text, rest) in [
            ("The lamp. 12 comments", "The lamp."),
            ("1,204 views · 3 likes · The lamp", "· · The lamp"),
            ("1.2k Views and 300+ replies", "and"),
            ("Comments: 12. The lamp", ". The lamp"),
            ("Kommentare (4) zur Lampe", ") zur Lampe"),
            ("灯塔 评论(3) 阅读 120", "灯塔 )"),
            ("12条评论 灯塔", "灯塔"),
            ("Posted 3 minutes ago by Ada", "Posted by Ada"),
            ("vor 2 Stunden geschrieben", "geschrieben"),
            ("made at 12:03:55 today", "made at today"),
            ("id 550e8400-e29b-41d4-a716-446655440000.", "id ."),
        ] {
            assert_eq!(without(text), rest, "{text}");
        }
    }

    #[test]
    fn what_an_author_may_mend_is_no_noise() {
        for text in [
            "It was 1914, not 1915.",
            "The train at 12:03 takes 40 minutes.",
            "Chapter 12: commentary",
            "Version 1.2.3 of libexample2000",
            "Point 3 is wrong, see ISO8601 and RFC 3339",
            "",
        ] {
            assert_eq!(without(text), text);
        }
    }

    #[test]
    fn a_number_in_brackets_at_the_end_of_a_title_counts_something() {
        let bare = |title: &str| ending(title).map(|range| title[..range.start].trim().to_owned());
        assert_eq!(bare("The lamp (12)").as_deref(), Some("The lamp"));
        assert_eq!(bare("The lamp [3]").as_deref(), Some("The lamp"));
        for title in [
            "The lamp",
            "(12)",
            "The lamp ()",
            "The lamp (twelve)",
            "The 12 (lamps)",
        ] {
            assert_eq!(bare(title), None, "{title}");
        }
    }

    #[test]
    fn a_long_run_of_anything_is_looked_through_once() {
        for text in [
            "1-".repeat(200_000),
            "a1".repeat(200_000),
            "1.".repeat(200_000),
        ] {
            let found = find(&text);
            assert!(found.windows(2).all(|two| two[0].end <= two[1].start));
        }
    }
}
