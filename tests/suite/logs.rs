//! What agg writes on stderr, for whom.

use std::fs::File;
use std::os::unix::fs::MetadataExt as _;
use std::process::Stdio;

use serde_json::Value;

use crate::program::Agg;
use crate::running::Running;
use crate::site::{Reply, Site};

/// One source that is fine and one that is not there.
fn configured() -> (Agg, Site) {
    let site = Site::open(|asked| match asked.path.as_str() {
        "/gone-astray" => Reply::status(404),
        _ => Reply::ok(
            "application/atom+xml",
            "<feed xmlns=\"http://www.w3.org/2005/Atom\"><title>Kiln</title><id>urn:kiln</id>\
             <updated>2026-02-03T10:00:00Z</updated><entry><id>urn:kiln:1</id><title>Glaze</title>\
             <link href=\"https://kiln.example/1\"/><updated>2026-02-03T10:00:00Z</updated></entry></feed>",
        ),
    });
    let agg = Agg::new();
    agg.configure(&format!(
        "schedule = \"0 0 29 2 *\"\n[fetch]\nspacing = \"1ms\"\n[[source]]\nid = \"kiln\"\nurl = \"{}\"\n\
         [[source]]\nid = \"astray\"\nurl = \"{}\"\n",
        site.url("/feed"),
        site.url("/gone-astray")
    ));
    (agg, site)
}

/// Each line of a log as JSON.
fn parsed(log: &str) -> Vec<Value> {
    log.lines()
        .map(|line| serde_json::from_str(line).unwrap_or_else(|error| panic!("{error}: {line}")))
        .collect()
}

/// The one line about the source that is not there.
fn failure(lines: &[Value]) -> &Value {
    let mut about = lines.iter().filter(|line| line["source"] == "astray");
    let line = about.next().unwrap();
    assert_eq!(about.next(), None, "one line a failure");
    line
}

fn is_whole(line: &Value) {
    assert_eq!(line["level"], "WARN");
    assert_eq!(line["outcome"], "failed");
    assert_eq!(line["status"], 404);
    for key in ["error", "help", "timestamp"] {
        assert!(
            line[key].as_str().is_some_and(|text| !text.is_empty()),
            "{key}: {line}"
        );
    }
}

#[test]
fn a_service_logs_json_with_a_line_a_failure_and_a_line_a_cycle() {
    let (agg, _site) = configured();
    let call = agg.args(["--log", "json", "serve", "--listen", "127.0.0.1:0"]);
    let service = Running::start(call.into_command());
    service.until_said("cycle ended", 1);
    service.signal("TERM");
    service.until_said("}\n", 3);
    let lines = parsed(&service.said());
    is_whole(failure(&lines));
    let cycle = lines
        .iter()
        .find(|line| line["message"] == "cycle ended")
        .unwrap();
    for (key, value) in [("sources", 2), ("asked", 2), ("failed", 1), ("new", 1)] {
        assert_eq!(cycle[key], value, "{key}: {cycle}");
    }
    assert!(cycle["millis"].is_u64());
    assert_eq!(service.end().0, 0);
}

#[test]
fn a_command_that_is_asked_for_a_log_writes_nothing_else_on_stderr() {
    let (agg, _site) = configured();
    let run = agg.run("fetch --log json");
    assert_eq!(run.code, 3);
    assert!(
        run.stdout.contains("astray"),
        "the table stays: {}",
        run.stdout
    );
    is_whole(failure(&parsed(&run.stderr)));
    agg.configure("schedule = 7\n");
    let run = agg.run("fetch --log json");
    assert_eq!(run.code, 1);
    let lines = parsed(&run.stderr);
    assert_eq!(lines.len(), 1);
    assert_eq!(lines[0]["level"], "ERROR");
    assert!(
        lines[0]["place"]
            .as_str()
            .unwrap()
            .contains("feeds.toml:1:12")
    );
}

#[test]
fn the_journal_gets_levels_it_knows_and_no_times_or_colours() {
    let (agg, _site) = configured();
    let log = agg.path("journal");
    let file = File::create(&log).unwrap();
    let stream = file.metadata().unwrap();
    let run = |stream: String| {
        let stderr = File::options().append(true).open(&log).unwrap();
        let mut command = agg
            .args(["fetch", "--log", "text", "--color", "always"])
            .into_command();
        command
            .env("JOURNAL_STREAM", stream)
            .stderr(stderr)
            .stdout(Stdio::null())
            .status()
            .unwrap();
        agg.read("journal")
    };
    let text = run(format!("{}:{}", stream.dev(), stream.ino()));
    let line = text
        .lines()
        .find(|line| line.contains("source=astray"))
        .unwrap();
    assert!(
        line.starts_with("<4>failed source=astray outcome=\"failed\" status=404 error="),
        "{line}"
    );
    file.set_len(0).unwrap();
    // somebody else's journal: a shell under a service has the variable too
    let text = run("1:1".to_owned());
    assert!(!text.contains("<4>"), "{text}");
}

#[test]
fn a_log_level_that_is_none_is_an_error_with_its_name() {
    let (agg, _site) = configured();
    let mut command = agg.args(["list"]).into_command();
    let output = command.env("AGG_LOG", "agg=loudly").output().unwrap();
    assert_eq!(output.status.code(), Some(2));
    let said = String::from_utf8(output.stderr).unwrap();
    assert!(said.contains("AGG_LOG=\"agg=loudly\""), "{said}");
}
