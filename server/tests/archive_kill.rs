//! The real program, killed at random moments of an archive: whatever it leaves is true.

#![expect(
    clippy::expect_used,
    clippy::panic,
    reason = "a test ends where something fails"
)]

use std::thread;
use std::time::{Duration, Instant};

use app::model::RunState;
use kills::disk::{Disk, lease_expires};
use support::program::Program;

mod kills {
    pub mod disk;
}
mod support {
    #[expect(dead_code, reason = "other suites use the rest")]
    pub mod program;
}

/// In each of the two folders.
const KILLS: usize = 26;
const MONTHS: [&str; 2] = ["2020-04", "2020-05"];
const ORDERS: u32 = 3_000;

#[test]
fn what_a_killed_archive_leaves_is_true() {
    let moments: Vec<[usize; 5]> = thread::scope(|scope| {
        let shops = [1, 2].map(|seed| scope.spawn(move || killed_again_and_again(seed)));
        let ended = shops.into_iter().map(|shop| shop.join());
        ended
            .map(|moments| moments.expect("a whole archive"))
            .collect()
    });
    let kills = |moment: usize| moments.iter().map(|kills| kills[moment]).sum::<usize>();
    let within = (1..4).map(kills).sum::<usize>();
    assert!(within > 0 && kills(4) > 0, "all kills missed: {moments:?}");
}

/// Kills archives in one folder, and looks at what is there after every one; returns how many kills
/// met each moment.
fn killed_again_and_again(seed: u64) -> [usize; 5] {
    let mut random = fastrand::Rng::with_seed(seed);
    let program = Program::new();
    import(&program, 0..ORDERS);
    let mut took = archived(&program, MONTHS[0]).max(archived(&program, MONTHS[1]));
    let mut seen = Disk::read(&program);
    seen.is_true(None);
    let (mut kills, mut moments) = (0, [0; 5]);
    let mut orders = ORDERS;
    while kills < KILLS {
        // Later archives of a month differ from the earlier ones.
        import(&program, orders..orders + 1);
        orders += 1;
        let month = MONTHS[random.usize(..2)];
        // Most of it is before the first byte and after the last one otherwise.
        let share = random.f64() * 1.1;
        let mut child = program
            .command(&["archive", "--month", month])
            .spawn()
            .expect("a process");
        thread::sleep(took.mul_f64(share));
        child.kill().expect("a kill");
        let status = child.wait().expect("an end");
        let killed = status.code().is_none();
        kills += usize::from(killed);

        let left = Disk::read(&program);
        left.is_true(Some(&seen));
        if killed {
            moments[left.moment(&seen)] += 1;
        }
        // The next process decides. A machine that has become busy takes longer from now on.
        lease_expires(&program);
        took = archived(&program, MONTHS[random.usize(..2)]);
        seen = Disk::read(&program);
        seen.is_true(Some(&left));
        seen.is_decided();
        if kills.is_multiple_of(5) {
            program.succeeds(&["verify", "--all"]);
        }
    }
    println!("killed before, exporting, stored, verifying, with a receipt: {moments:?}");
    assert!(
        seen.runs
            .iter()
            .any(|run| run.state == RunState::Interrupted)
    );
    moments
}

/// Archives to the end; returns how long that took.
fn archived(program: &Program, month: &str) -> Duration {
    let started = Instant::now();
    program.succeeds(&["archive", "--month", month]);
    started.elapsed()
}

/// Orders in April and May.
fn import(program: &Program, numbers: std::ops::Range<u32>) {
    let line = |number: u32| {
        let (month, day) = (4 + number % 2, 1 + number % 28);
        format!(
            "{{\"order_id\":\"A{number}\",\"created_at\":\"2020-{month:02}-{day:02}T10:00:00Z\",\"total\":1.5}}\n"
        )
    };
    // One of each month.
    let lines: String = numbers
        .flat_map(|number| [2 * number, 2 * number + 1])
        .map(line)
        .collect();
    let ended = program.run_with(&["import", "-"], &lines);
    assert_eq!(ended.code, Some(0), "{}", ended.stderr);
}
