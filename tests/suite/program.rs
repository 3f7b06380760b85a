//! The program as a person runs it: in a folder of its own, with a clean environment.

use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

use tempfile::TempDir;

/// What a run left behind.
pub(crate) struct Run {
    pub(crate) code: i32,
    pub(crate) stdout: String,
    pub(crate) stderr: String,
}

/// agg, about to be run. `fixtures/web` is there, as in the checkout.
pub(crate) struct Agg {
    folder: TempDir,
}

/// A run being put together.
pub(crate) struct Call<'a> {
    command: Command,
    _agg: std::marker::PhantomData<&'a Agg>,
}

impl Agg {
    pub(crate) fn new() -> Self {
        let folder = tempfile::tempdir().unwrap();
        fs::create_dir(folder.path().join("fixtures")).unwrap();
        let web = Path::new(env!("CARGO_MANIFEST_DIR")).join("fixtures/web");
        std::os::unix::fs::symlink(web, folder.path().join("fixtures/web")).unwrap();
        Self { folder }
    }

    /// With the configuration of the checkout.
    pub(crate) fn with_eleven_sources() -> Self {
        let agg = Self::new();
        let text =
            fs::read_to_string(Path::new(env!("CARGO_MANIFEST_DIR")).join("feeds.toml")).unwrap();
        agg.configure(&text);
        agg
    }

    /// Writes feeds.toml. Sites on 127.0.0.1 may be asked, unless `text` says itself what may be.
    pub(crate) fn configure(&self, text: &str) {
        const ALLOW: &str = "[fetch]\nallow = [\"127.0.0.0/8\"]\n";
        let text = match text {
            _ if text.contains("allow =") || !text.contains("url = \"http://127.") => {
                text.to_owned()
            }
            _ if text.contains("[fetch]\n") => text.replacen("[fetch]\n", ALLOW, 1),
            _ => format!("{text}{ALLOW}"),
        };
        fs::write(self.path("feeds.toml"), text).unwrap();
    }

    pub(crate) fn path(&self, name: &str) -> PathBuf {
        self.folder.path().join(name)
    }

    pub(crate) fn read(&self, name: &str) -> String {
        fs::read_to_string(self.path(name)).unwrap_or_else(|error| panic!("{name}: {error}"))
    }

    pub(crate) fn args<'a>(&'a self, args: impl IntoIterator<Item = &'a str>) -> Call<'a> {
        let mut command = Command::new(env!("CARGO_BIN_EXE_agg"));
        command
            .current_dir(self.folder.path())
            .env_remove("AGG_CONFIG")
            .env_remove("AGG_LOG")
            .env_remove("AGG_LOG_FORMAT")
            .env_remove("JOURNAL_STREAM")
            .env_remove("NOTIFY_SOCKET")
            .env_remove("LISTEN_FDS")
            .args(args);
        Call {
            command,
            _agg: std::marker::PhantomData,
        }
    }

    /// Runs the words of `line`.
    pub(crate) fn run(&self, line: &str) -> Run {
        self.args(line.split_whitespace()).run()
    }
}

impl Call<'_> {
    /// To be run in another way than [`Call::run`].
    pub(crate) fn into_command(self) -> Command {
        self.command
    }

    pub(crate) fn run(mut self) -> Run {
        let output = self.command.output().unwrap();
        Run {
            code: output.status.code().unwrap_or(-1),
            stdout: String::from_utf8(output.stdout).unwrap(),
            stderr: String::from_utf8(output.stderr).unwrap(),
        }
    }

    /// With its stdout going to this file.
    pub(crate) fn into_file(mut self, path: &str) -> Run {
        let file = fs::OpenOptions::new().write(true).open(path).unwrap();
        self.command.stdout(file);
        self.run_with_stdout()
    }

    fn run_with_stdout(mut self) -> Run {
        let output = self
            .command
            .stderr(std::process::Stdio::piped())
            .spawn()
            .unwrap()
            .wait_with_output()
            .unwrap();
        Run {
            code: output.status.code().unwrap_or(-1),
            stdout: String::new(),
            stderr: String::from_utf8(output.stderr).unwrap(),
        }
    }
}
