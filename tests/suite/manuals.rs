//! What shells and `man` are told: every command, and none that there is not.

use std::fs;
use std::io::Write as _;
use std::process::{Command, Stdio};

use crate::program::Agg;

/// The commands that `agg --help` names.
fn commands(agg: &Agg) -> Vec<String> {
    let help = agg.run("--help").stdout;
    let list = help.split("Commands:").nth(1).unwrap();
    let list = list.split("\n\n").next().unwrap();
    list.lines()
        .filter_map(|line| line.strip_prefix("  ")?.split(' ').next())
        .filter(|name| !name.is_empty() && *name != "help")
        .map(str::to_owned)
        .collect()
}

#[test]
fn every_shell_completes_every_command() {
    let agg = Agg::new();
    let commands = commands(&agg);
    assert!(commands.len() > 10, "{commands:?}");
    for shell in ["bash", "zsh", "fish", "elvish", "powershell"] {
        let run = agg.run(&format!("completions {shell}"));
        assert_eq!((run.code, run.stderr.as_str()), (0, ""), "{shell}");
        for command in &commands {
            assert!(run.stdout.contains(command), "{shell}: {command}");
        }
    }
    let run = agg.run("completions tcsh");
    assert_eq!(run.code, 2);
    assert!(run.stderr.contains("bash"), "{}", run.stderr);
}

#[test]
fn the_script_for_the_shell_that_is_here_is_one() {
    let script = Agg::new().run("completions bash").stdout;
    let shell = Command::new("bash").arg("-n").stdin(Stdio::piped()).spawn();
    // a system may have no bash
    let Ok(mut shell) = shell else { return };
    let mut stdin = shell.stdin.take().unwrap();
    stdin.write_all(script.as_bytes()).unwrap();
    drop(stdin);
    assert!(shell.wait().unwrap().success());
}

#[test]
fn the_manual_has_a_page_for_each_command() {
    let agg = Agg::new();
    let page = agg.run("man").stdout;
    assert!(page.contains(".TH agg 1"), "{page}");
    let run = agg.run("man --dir share/man1");
    assert_eq!(run.code, 0, "{}", run.stderr);
    assert_eq!(run.stdout, "");
    for command in commands(&agg) {
        let page = agg.read(&format!("share/man1/agg-{command}.1"));
        assert!(page.contains(".SH SYNOPSIS"), "{page}");
        assert!(page.contains("\\-\\-config"), "{command}: {page}");
    }
    fs::write(agg.path("file"), "").unwrap();
    let run = agg.run("man --dir file");
    assert_eq!(run.code, 1);
    assert!(
        run.stderr.contains("cannot write into file"),
        "{}",
        run.stderr
    );
}
