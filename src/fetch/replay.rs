//! The recorded web: reads and writes one `message/http` file per address (see [`file_name`]), and answers from them as
//! their servers would.

use std::io::{self, Write as _};
use std::path::{Path, PathBuf};

use bytes::Bytes;
use tokio::task::spawn_blocking;
use url::Url;

use crate::model::Validators;

use super::conditional::{is_not_modified, validators};
use super::error::Error;
use super::file_name::file_name;
use super::message::Message;

/// Answers for `url` from the folder `folder`; conditionally, where `sent` holds validators.
pub(super) async fn replay(
    folder: &Path,
    url: &Url,
    sent: &Validators,
    max_body_bytes: u64,
) -> Result<Message, Error> {
    let file = folder.join(file_name(url));
    let path = file.clone();
    let bytes = blocking(move || std::fs::read(path)).await;
    let bytes = match bytes {
        Ok(bytes) => bytes,
        Err(cause) if cause.kind() == io::ErrorKind::NotFound => {
            return Err(Error::NotRecorded {
                url: url.to_string(),
                file,
            });
        }
        Err(cause) => return Err(Error::Io { path: file, cause }),
    };
    let message = Message::from_file(Bytes::from(bytes))
        .map_err(|cause| Error::BadRecording { file, cause })?;
    if message.body.len() as u64 > max_body_bytes {
        return Err(Error::TooLarge {
            limit: max_body_bytes,
        });
    }
    if message.status == 200 && is_not_modified(&validators(&message), sent) {
        return Ok(Message {
            status: 304,
            body: Bytes::new(),
            ..message
        });
    }
    Ok(message)
}

/// Keeps `message` as the answer for `url` in the folder `folder`. Nobody ever sees half a file.
pub(super) async fn record(folder: &Path, url: &Url, message: &Message) -> Result<(), Error> {
    let path = folder.join(file_name(url));
    let file = path.clone();
    let bytes = message.to_file();
    blocking(move || write(&file, &bytes))
        .await
        .map_err(|cause| Error::Io { path, cause })
}

/// Writes beside, then renames.
fn write(path: &PathBuf, bytes: &[u8]) -> io::Result<()> {
    let folder = path.parent().unwrap_or(Path::new("."));
    std::fs::create_dir_all(folder)?;
    let mut builder = tempfile::Builder::new();
    #[cfg(unix)]
    {
        use std::os::unix::fs::PermissionsExt as _;
        builder.permissions(std::fs::Permissions::from_mode(0o644));
    }
    let mut file = builder.prefix(".").suffix(".http").tempfile_in(folder)?;
    file.write_all(bytes)?;
    file.persist(path)?;
    Ok(())
}

/// Runs `work` where it may block.
async fn blocking<T: Send + 'static>(
    work: impl FnOnce() -> io::Result<T> + Send + 'static,
) -> io::Result<T> {
    spawn_blocking(work)
        .await
        .unwrap_or_else(|stopped| Err(io::Error::other(stopped)))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn url() -> Url {
        Url::parse("https://blog.example/posts/").unwrap()
    }

    fn message() -> Message {
        Message {
            status: 200,
            headers: vec![("ETag".to_owned(), b"\"1\"".to_vec())],
            body: Bytes::from_static(b"<p>post"),
        }
    }

    #[tokio::test]
    async fn what_is_recorded_is_replayed() {
        let folder = tempfile::tempdir().unwrap();
        record(folder.path(), &url(), &message()).await.unwrap();
        let sent = Validators::default();
        let back = replay(folder.path(), &url(), &sent, 100).await.unwrap();
        assert_eq!((back.status, back.body), (200, message().body));
    }

    #[tokio::test]
    async fn a_recording_answers_304_to_its_own_etag() {
        let folder = tempfile::tempdir().unwrap();
        record(folder.path(), &url(), &message()).await.unwrap();
        let sent = Validators {
            etag: Some("\"1\"".to_owned()),
            last_modified: None,
        };
        let back = replay(folder.path(), &url(), &sent, 100).await.unwrap();
        assert_eq!(back.status, 304);
        assert!(back.body.is_empty());
        assert_eq!(validators(&back), sent);
    }

    #[tokio::test]
    async fn what_was_not_recorded_names_the_file_that_is_missing() {
        let folder = tempfile::tempdir().unwrap();
        let error = replay(folder.path(), &url(), &Validators::default(), 100)
            .await
            .unwrap_err();
        assert!(matches!(error, Error::NotRecorded { .. }));
        assert!(
            error.to_string().ends_with("blog.example/posts/index.http"),
            "{error}"
        );
    }

    #[tokio::test]
    async fn a_recording_is_held_to_the_size_limit_too() {
        let folder = tempfile::tempdir().unwrap();
        record(folder.path(), &url(), &message()).await.unwrap();
        let error = replay(folder.path(), &url(), &Validators::default(), 3)
            .await
            .unwrap_err();
        assert!(matches!(error, Error::TooLarge { limit: 3 }), "{error}");
    }
}
