//! One HTTP response as it was received, and as one `message/http` file (RFC 9112 §10.1): status line, headers, blank
//! line, body. Pure.
//!
//! The body of a message is free of codings: a file that is written says `Content-Length` with the real length and says
//! neither `Content-Encoding` nor `Transfer-Encoding`; a file that is read may say them (`curl -i --compressed` prints the
//! headers of the coded body above the decoded one), and they are ignored. The reader takes CRLF and LF, and skips interim
//! responses (1xx) and the answer of a proxy to `CONNECT`.

use bytes::Bytes;

/// Headers that speak of one connection or of the body's coding, and those that carry secrets: not kept in files.
const NOT_KEPT: &[&str] = &[
    "authorization",
    "connection",
    "cookie",
    "content-encoding",
    "content-length",
    "keep-alive",
    "proxy-authenticate",
    "proxy-authentication-info",
    "proxy-authorization",
    "proxy-connection",
    "authentication-info",
    "set-cookie",
    "set-cookie2",
    "te",
    "trailer",
    "transfer-encoding",
    "upgrade",
    "www-authenticate",
];

/// One response; its body has no content coding left.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Message {
    /// The status code.
    pub(super) status: u16,
    /// The headers in order, names as written.
    pub(super) headers: Vec<(String, Vec<u8>)>,
    /// The decoded body.
    pub(super) body: Bytes,
}

/// Why a file is no `message/http`.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum MessageError {
    /// The first line is not `HTTP/… STATUS …`.
    #[error("the first line is not a status line such as `HTTP/1.1 200 OK`")]
    StatusLine,
    /// A line of the head has no colon.
    #[error("line {0} of the head is not a `Name: value` header")]
    Header(usize),
    /// The file ended before the blank line.
    #[error("there is no blank line after the headers")]
    NoBlankLine,
}

impl Message {
    /// The value of the first header called `name`, in any case.
    pub(super) fn header(&self, name: &str) -> Option<&[u8]> {
        self.headers
            .iter()
            .find(|(written, _)| written.eq_ignore_ascii_case(name))
            .map(|(_, value)| value.as_slice())
    }

    /// The value of the first header called `name`, each byte as the character of the same number.
    pub(super) fn text(&self, name: &str) -> Option<String> {
        self.header(name).map(from_bytes)
    }

    /// The message as the bytes of a file.
    pub(super) fn to_file(&self) -> Vec<u8> {
        let mut file = format!("HTTP/1.1 {}", self.status).into_bytes();
        if let Some(reason) = reason(self.status) {
            file.push(b' ');
            file.extend_from_slice(reason.as_bytes());
        }
        file.extend_from_slice(b"\r\n");
        for (name, value) in &self.headers {
            if NOT_KEPT
                .iter()
                .any(|dropped| name.eq_ignore_ascii_case(dropped))
            {
                continue;
            }
            file.extend_from_slice(name.as_bytes());
            file.extend_from_slice(b": ");
            file.extend_from_slice(value);
            file.extend_from_slice(b"\r\n");
        }
        file.extend_from_slice(format!("Content-Length: {}\r\n\r\n", self.body.len()).as_bytes());
        file.extend_from_slice(&self.body);
        file
    }

    /// Reads the bytes of a file.
    ///
    /// # Errors
    /// Where the head is not one of an HTTP response.
    pub(super) fn from_file(mut file: Bytes) -> Result<Self, MessageError> {
        loop {
            let (message, more) = Self::read(&file)?;
            let interim = (100..200).contains(&message.status);
            // a document may begin like this too, but it has a length or a type
            let tunnel = message.status == 200
                && message.header("content-length").is_none()
                && message.header("content-type").is_none()
                && file[more..].starts_with(b"HTTP/");
            let body = file.split_off(more);
            if (interim || tunnel) && !body.is_empty() {
                file = body;
                continue;
            }
            return Ok(Self { body, ..message });
        }
    }

    /// The head of `file`, and where its body begins.
    fn read(file: &[u8]) -> Result<(Self, usize), MessageError> {
        let mut at = 0;
        let mut lines = 0;
        let mut status = None;
        let mut headers = Vec::new();
        loop {
            let Some(end) = file[at..].iter().position(|&byte| byte == b'\n') else {
                return Err(match status {
                    None => MessageError::StatusLine,
                    Some(_) => MessageError::NoBlankLine,
                });
            };
            let line = &file[at..at + end];
            let line = line.strip_suffix(b"\r").unwrap_or(line);
            at += end + 1;
            lines += 1;
            if status.is_none() {
                status = Some(status_of(line).ok_or(MessageError::StatusLine)?);
            } else if line.is_empty() {
                let message = Self {
                    status: status.unwrap_or_default(),
                    headers,
                    body: Bytes::new(),
                };
                return Ok((message, at));
            } else {
                headers.push(header_of(line).ok_or(MessageError::Header(lines))?);
            }
        }
    }
}

/// The status code of a status line.
fn status_of(line: &[u8]) -> Option<u16> {
    let line = std::str::from_utf8(line.get(..line.len().min(15))?).ok()?;
    let (version, rest) = line.split_once(' ')?;
    let code = rest.split(' ').next()?;
    (version.starts_with("HTTP/") && code.len() == 3)
        .then(|| code.parse().ok())
        .flatten()
}

/// Name and value of a header line.
fn header_of(line: &[u8]) -> Option<(String, Vec<u8>)> {
    let colon = line.iter().position(|&byte| byte == b':')?;
    let name = std::str::from_utf8(&line[..colon]).ok()?;
    let token = !name.is_empty() && name.bytes().all(|b| b.is_ascii_graphic());
    token.then(|| (name.to_owned(), line[colon + 1..].trim_ascii().to_vec()))
}

/// Bytes of a header as text: each byte becomes the character of the same number (ISO-8859-1).
pub(super) fn from_bytes(value: &[u8]) -> String {
    value.iter().map(|&byte| char::from(byte)).collect()
}

/// The other way; `None` for text that no header gave.
pub(super) fn to_bytes(text: &str) -> Option<Vec<u8>> {
    text.chars().map(|c| u8::try_from(c).ok()).collect()
}

/// The words of a status code (RFC 9110 §15), for those that sources send.
pub(super) fn reason(status: u16) -> Option<&'static str> {
    Some(match status {
        200 => "OK",
        203 => "Non-Authoritative Information",
        204 => "No Content",
        206 => "Partial Content",
        300 => "Multiple Choices",
        301 => "Moved Permanently",
        302 => "Found",
        303 => "See Other",
        304 => "Not Modified",
        307 => "Temporary Redirect",
        308 => "Permanent Redirect",
        400 => "Bad Request",
        401 => "Unauthorized",
        402 => "Payment Required",
        403 => "Forbidden",
        404 => "Not Found",
        405 => "Method Not Allowed",
        406 => "Not Acceptable",
        408 => "Request Timeout",
        410 => "Gone",
        429 => "Too Many Requests",
        451 => "Unavailable For Legal Reasons",
        500 => "Internal Server Error",
        501 => "Not Implemented",
        502 => "Bad Gateway",
        503 => "Service Unavailable",
        504 => "Gateway Timeout",
        _ => return None,
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(file: &'static [u8]) -> Result<Message, MessageError> {
        Message::from_file(Bytes::from_static(file))
    }

    #[test]
    fn a_head_may_end_its_lines_with_lf_or_crlf() {
        for file in [
            &b"HTTP/1.1 200 OK\r\nContent-Type: text/html\r\n\r\n<p>\r\n"[..],
            &b"HTTP/2 200 \nContent-Type:text/html \n\n<p>\r\n"[..],
        ] {
            let message = Message::from_file(Bytes::copy_from_slice(file)).unwrap();
            assert_eq!(message.status, 200);
            assert_eq!(message.text("content-type").unwrap(), "text/html");
            assert_eq!(message.body, "<p>\r\n");
        }
    }

    #[test]
    fn what_is_written_reads_back_without_codings_and_secrets() {
        let message = Message {
            status: 200,
            headers: vec![
                ("ETag".into(), b"\"caf\xe9\"".to_vec()),
                ("Content-Encoding".into(), b"gzip".to_vec()),
                ("Set-Cookie".into(), b"session=secret".to_vec()),
                ("Transfer-Encoding".into(), b"chunked".to_vec()),
                ("content-length".into(), b"17".to_vec()),
            ],
            body: Bytes::from_static(b"\n\nbody\r\n"),
        };
        let file = message.to_file();
        let back = Message::from_file(Bytes::from(file.clone())).unwrap();
        assert_eq!(back.body, message.body);
        assert_eq!(back.text("etag").unwrap(), "\"caf\u{e9}\"");
        assert_eq!(back.text("content-length").unwrap(), "8");
        assert_eq!(back.headers.len(), 2);
        assert!(file.starts_with(b"HTTP/1.1 200 OK\r\n"));
        assert!(!String::from_utf8_lossy(&file).contains("secret"));
    }

    #[test]
    fn interim_responses_and_a_proxys_answer_are_skipped() {
        let message = read(
            b"HTTP/1.1 200 Connection established\r\n\r\nHTTP/1.1 103 Early Hints\r\nLink: <a>\r\n\r\nHTTP/1.1 404 Not Found\r\n\r\nno",
        )
        .unwrap();
        assert_eq!((message.status, &message.body[..]), (404, &b"no"[..]));
    }

    #[test]
    fn a_document_about_http_is_a_document() {
        let message =
            read(b"HTTP/1.1 200 OK\r\nContent-Length: 24\r\n\r\nHTTP/1.1 is older than 2").unwrap();
        assert_eq!(message.body.len(), 24);
    }

    #[test]
    fn what_is_no_response_is_refused_by_name() {
        assert_eq!(read(b""), Err(MessageError::StatusLine));
        assert_eq!(read(b"<html>\n"), Err(MessageError::StatusLine));
        assert_eq!(read(b"HTTP/1.1 abc\n\n"), Err(MessageError::StatusLine));
        assert_eq!(
            read(b"HTTP/1.1 200 OK\nA: b\n<html>\n\n"),
            Err(MessageError::Header(3))
        );
        assert_eq!(
            read(b"HTTP/1.1 200 OK\nA: b\n"),
            Err(MessageError::NoBlankLine)
        );
    }

    proptest::proptest! {
        #[test]
        fn no_file_panics_the_reader(
            file in proptest::collection::vec(proptest::prelude::any::<u8>(), 0..200),
            text in "(HTTP/1.1 [0-9]{3} ?[a-z]{0,3}\r?\n)?([a-zA-Z-]{0,4}:?[ -~]{0,4}\r?\n){0,4}\r?\n?.{0,9}",
        ) {
            let _ = Message::from_file(Bytes::from(file));
            let _ = Message::from_file(Bytes::from(text));
        }

        #[test]
        fn every_body_reads_back_as_it_was(
            status in 200u16..600,
            body in proptest::collection::vec(proptest::prelude::any::<u8>(), 0..200),
        ) {
            let message = Message {
                status,
                headers: vec![("ETag".to_owned(), b"\"1\"".to_vec())],
                body: Bytes::from(body),
            };
            let back = Message::from_file(Bytes::from(message.to_file())).unwrap();
            proptest::prop_assert_eq!(back.status, message.status);
            proptest::prop_assert_eq!(back.header("etag"), message.header("etag"));
            proptest::prop_assert_eq!(back.body, message.body);
        }
    }
}
