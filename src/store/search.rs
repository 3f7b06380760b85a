//! The full-text index (FTS5): the words of merged articles, and questions put to it.
//!
//! Articles are indexed by `catch_up`, when somebody asks. They are numbered as they come, so the index needs to know only how
//! far it reaches.
//!
//! SQLite tells words apart by spaces, which Chinese, Japanese and Thai do not write: their characters are indexed one by
//! one, and a word of theirs is asked for as a phrase.

use std::fmt::Write as _;

use rusqlite::{Connection, OptionalExtension, params};

use crate::lexicon::markup;
use crate::model::{Entry, EntryKey};

/// The article of `key` has another text now.
pub(super) fn changed(conn: &Connection, key: EntryKey, entry: &Entry) -> rusqlite::Result<()> {
    if key.0 <= reach(conn)? {
        delete(conn, key)?;
        insert(conn, key, entry)?;
    }
    Ok(())
}

/// The number of the last article that is indexed; all before it are.
pub(super) fn reach(conn: &Connection) -> rusqlite::Result<i64> {
    let last = conn
        .prepare_cached("SELECT rowid FROM search ORDER BY rowid DESC LIMIT 1")?
        .query_row([], |row| row.get(0))
        .optional()?;
    Ok(last.unwrap_or_default())
}

/// Indexes the article.
pub(super) fn insert(conn: &Connection, key: EntryKey, entry: &Entry) -> rusqlite::Result<()> {
    let body = entry.content.as_deref().map(markup::plain);
    conn.prepare_cached(
        "INSERT INTO search (rowid, title, summary, body) VALUES (?1, ?2, ?3, ?4)",
    )?
    .execute(params![
        key.0,
        spaced(&entry.title),
        entry.summary.as_deref().map(spaced),
        body.as_deref().map(spaced),
    ])?;
    Ok(())
}

/// Forgets the words of an article.
pub(super) fn delete(conn: &Connection, key: EntryKey) -> rusqlite::Result<()> {
    conn.prepare_cached("DELETE FROM search WHERE rowid = ?1")?
        .execute([key.0])?;
    Ok(())
}

/// Forgets the words of all articles.
pub(super) fn clear(conn: &Connection) -> rusqlite::Result<()> {
    conn.execute("INSERT INTO search (search) VALUES ('delete-all')", [])?;
    Ok(())
}

/// What a reader means by `text`, in FTS5's language: every word must be there, `word*` begins one, words in double
/// quotes stand together. `None` if there is no word in it. Never a syntax error.
pub(super) fn question(text: &str) -> Option<String> {
    let mut question = String::new();
    // every second part stands between quotes
    for (number, part) in text.split('"').enumerate() {
        let phrases: Vec<&str> = if number % 2 == 1 {
            vec![part]
        } else {
            part.split_whitespace().collect()
        };
        for phrase in phrases {
            if !phrase.contains(char::is_alphanumeric) {
                continue;
            }
            let star = if phrase.ends_with('*') { "*" } else { "" };
            let words = spaced(phrase.trim_end_matches('*')).replace('\0', " ");
            write!(question, "\"{}\"{star} ", words.trim()).expect("a string takes text");
        }
    }
    (!question.is_empty()).then_some(question)
}

/// `text` with spaces around every character of a script that is written without them.
fn spaced(text: &str) -> String {
    let mut spaced = String::with_capacity(text.len() + text.len() / 4);
    for character in text.chars() {
        if is_unspaced(character) {
            spaced.push(' ');
            spaced.push(character);
            spaced.push(' ');
        } else {
            spaced.push(character);
        }
    }
    spaced
}

/// Thai, Lao, Khmer and Burmese; Japanese; Chinese characters.
fn is_unspaced(character: char) -> bool {
    matches!(character,
        '\u{0e00}'..='\u{0eff}' | '\u{1000}'..='\u{109f}' | '\u{1780}'..='\u{17ff}'
        | '\u{3040}'..='\u{30ff}' | '\u{3400}'..='\u{4dbf}' | '\u{4e00}'..='\u{9fff}'
        | '\u{f900}'..='\u{faff}' | '\u{20000}'..='\u{3ffff}')
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_question_is_never_a_syntax_error() {
        assert_eq!(question("rust"), Some("\"rust\" ".into()));
        assert_eq!(question("a OR b)"), Some("\"a\" \"OR\" \"b)\" ".into()));
        assert_eq!(
            question("\"two words\" th*"),
            Some("\"two words\" \"th\"* ".into())
        );
        assert_eq!(question(" - \" * "), None);
        assert_eq!(question(""), None);
    }
}
