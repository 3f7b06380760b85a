//! Files as readers see them, and what is in the way.

use std::time::{Duration, SystemTime};

use super::*;

/// Makes `folder/name` hold `bytes`.
fn write(folder: &Path, name: &str, bytes: &[u8]) -> Result<Written, Error> {
    let file = Wanted {
        folder,
        name,
        bytes,
        changed: None,
    };
    let written = write_all(&[file])?;
    Ok(written[0])
}

fn folder() -> tempfile::TempDir {
    tempfile::tempdir().unwrap()
}

fn names(folder: &Path) -> Vec<String> {
    let mut names: Vec<_> = fs::read_dir(folder)
        .unwrap()
        .map(|found| found.unwrap().file_name().into_string().unwrap())
        .collect();
    names.sort();
    names
}

#[test]
fn a_file_is_made_with_its_folders_and_nothing_else_stays() {
    let top = folder();
    let deep = top.path().join("public/rust");
    assert_eq!(
        write(&deep, "atom.xml", b"<feed/>").unwrap(),
        Written::Changed
    );
    assert_eq!(fs::read(deep.join("atom.xml")).unwrap(), b"<feed/>");
    assert_eq!(names(&deep), ["atom.xml"]);
}

#[test]
fn equal_bytes_leave_the_file_and_its_time_alone() {
    let top = folder();
    let path = top.path().join("atom.xml");
    write(top.path(), "atom.xml", b"one").unwrap();
    let past = SystemTime::UNIX_EPOCH + Duration::from_secs(1_000_000);
    File::open(&path).unwrap().set_modified(past).unwrap();
    assert_eq!(
        write(top.path(), "atom.xml", b"one").unwrap(),
        Written::Unchanged
    );
    assert_eq!(fs::metadata(&path).unwrap().modified().unwrap(), past);
    assert_eq!(
        write(top.path(), "atom.xml", b"two").unwrap(),
        Written::Changed
    );
    assert_eq!(fs::read(&path).unwrap(), b"two");
    assert_ne!(fs::metadata(&path).unwrap().modified().unwrap(), past);
}

#[cfg(unix)]
#[test]
fn a_published_file_is_readable_by_the_web_server() {
    use std::os::unix::fs::PermissionsExt;
    let top = folder();
    write(top.path(), "atom.xml", b"one").unwrap();
    let mode = fs::metadata(top.path().join("atom.xml"))
        .unwrap()
        .permissions()
        .mode();
    assert_eq!(mode & 0o777, 0o644);
}

#[test]
fn leftovers_of_a_killed_run_go_but_a_living_writer_keeps_its_file() {
    let top = folder();
    let dead = top.path().join(".atom.xml.x1y2z3.agg-new");
    let living = top.path().join(".atom.xml.a1b2c3.agg-new");
    let foreign = top.path().join(".rss.xml.a1b2c3.agg-new");
    for path in [&dead, &living, &foreign] {
        fs::write(path, b"half a fe").unwrap();
    }
    let writer = File::open(&living).unwrap();
    writer.lock().unwrap();
    write(top.path(), "atom.xml", b"one").unwrap();
    assert!(!dead.exists());
    assert!(living.exists() && foreign.exists());
    drop(writer);
    write(top.path(), "atom.xml", b"one").unwrap();
    assert_eq!(names(top.path()), [".rss.xml.a1b2c3.agg-new", "atom.xml"]);
}

#[test]
fn a_file_where_the_folder_should_be_is_named() {
    let top = folder();
    let blog = top.path().join("public");
    fs::write(&blog, b"precious").unwrap();
    for folder in [blog.clone(), blog.join("rust")] {
        let error = write(&folder, "atom.xml", b"x").unwrap_err();
        assert!(
            matches!(&error, Error::NotAFolder { path, what: "a file" } if *path == blog),
            "{error}"
        );
    }
    assert_eq!(fs::read(&blog).unwrap(), b"precious");
}

#[cfg(unix)]
#[test]
fn links_and_folders_under_the_name_are_left_alone() {
    let top = folder();
    let target = top.path().join("elsewhere");
    fs::write(&target, b"precious").unwrap();
    std::os::unix::fs::symlink(&target, top.path().join("atom.xml")).unwrap();
    fs::create_dir(top.path().join("rss.xml")).unwrap();
    let link = write(top.path(), "atom.xml", b"x").unwrap_err().to_string();
    assert!(link.contains("atom.xml is a symbolic link"), "{link}");
    let folder = write(top.path(), "rss.xml", b"x").unwrap_err().to_string();
    assert!(folder.contains("rss.xml is a folder"), "{folder}");
    assert_eq!(fs::read(&target).unwrap(), b"precious");
    assert!(
        fs::symlink_metadata(top.path().join("atom.xml"))
            .unwrap()
            .is_symlink()
    );
}

#[cfg(target_os = "linux")]
#[test]
fn a_device_as_output_folder_is_a_clear_error() {
    let error = write(Path::new("/dev/full"), "atom.xml", b"x").unwrap_err();
    assert_eq!(
        error.to_string(),
        "output folder /dev/full is a device or socket, not a folder"
    );
}

#[cfg(target_os = "linux")]
#[test]
fn a_full_disk_is_called_by_its_name() {
    let mut full = File::options().write(true).open("/dev/full").unwrap();
    let error = fill(&mut full, b"x").unwrap_err();
    let error = Error::of(Path::new("public/atom.xml"), error);
    assert_eq!(
        error.to_string(),
        "the disk is full: public/atom.xml could not be written"
    );
}

#[test]
fn a_name_with_a_path_in_it_is_refused() {
    let top = folder();
    for name in ["", ".", "..", "a/b", "../atom.xml", "/etc/passwd"] {
        assert!(
            matches!(write(top.path(), name, b"x"), Err(Error::Name(_))),
            "{name}"
        );
    }
    assert!(names(top.path()).is_empty());
}

#[test]
fn files_that_come_together_are_written_only_where_they_differ_and_in_any_folder() {
    let top = folder();
    let deep = top.path().join("archive");
    write(top.path(), "atom.xml", b"one").unwrap();
    let dead = deep.join(".1.xml.x1y2z3.agg-new");
    fs::create_dir(&deep).unwrap();
    fs::write(&dead, b"half a fe").unwrap();
    let file = |folder, name, bytes| Wanted {
        folder,
        name,
        bytes,
        changed: None,
    };
    let written = write_all(&[
        file(&deep, "1.xml", b"page"),
        file(top.path(), "atom.xml", b"one"),
        file(top.path(), "feed.json", b"{}"),
    ]);
    let (new, same) = (Written::Changed, Written::Unchanged);
    assert_eq!(written.unwrap(), [new, same, new]);
    assert_eq!(names(top.path()), ["archive", "atom.xml", "feed.json"]);
    assert_eq!(names(&deep), ["1.xml"]);
    assert_eq!(fs::read(deep.join("1.xml")).unwrap(), b"page");
}

#[test]
fn of_files_that_come_together_none_is_replaced_if_one_cannot_be_written() {
    let top = folder();
    write(top.path(), "atom.xml", b"one").unwrap();
    fs::create_dir(top.path().join("rss.xml")).unwrap();
    let file = |name, bytes| Wanted {
        folder: top.path(),
        name,
        bytes,
        changed: None,
    };
    let error = write_all(&[file("atom.xml", b"two"), file("rss.xml", b"two")]).unwrap_err();
    assert!(error.to_string().contains("rss.xml is a folder"), "{error}");
    assert_eq!(fs::read(top.path().join("atom.xml")).unwrap(), b"one");
    assert_eq!(names(top.path()), ["atom.xml", "rss.xml"]);
}

#[test]
fn writers_at_the_same_time_never_show_half_a_file() {
    let top = folder();
    let texts = [vec![b'a'; 100_000], vec![b'b'; 150_000]];
    write(top.path(), "atom.xml", &texts[0]).unwrap();
    std::thread::scope(|scope| {
        for text in &texts {
            scope.spawn(|| {
                for _ in 0..20 {
                    write(top.path(), "atom.xml", text).unwrap();
                }
            });
        }
        for _ in 0..200 {
            let seen = fs::read(top.path().join("atom.xml")).unwrap();
            assert!(texts.contains(&seen));
        }
    });
    assert_eq!(names(top.path()), ["atom.xml"]);
}
