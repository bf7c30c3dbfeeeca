//! What a process takes of the machine, by Linux's proc(5).

use std::{collections::HashMap, fs, process::Child, time::Duration};

/// The most memory that a process has had at once, in KiB: proc(5), `VmHWM`; `None` once it has ended.
pub(crate) fn resident_kib(process: u32) -> Option<u64> {
    let status = fs::read_to_string(format!("/proc/{process}/status")).ok()?;
    let line = status.lines().find_map(|line| line.strip_prefix("VmHWM:"))?;
    line.trim().strip_suffix(" kB")?.trim().parse().ok()
}

/// Processor time of a process' threads of this name, in seconds, once it has ended: proc(5), `schedstat`, in nanoseconds. Looked
/// at again and again, since a thread takes its figure with it; what it did after the last look is not seen.
pub(crate) fn seconds_of(process: &mut Child, name: &str) -> f64 {
    let mut spent = HashMap::new();
    while process.try_wait().unwrap().is_none() {
        spent.extend(threads_of(process.id(), name));
        std::thread::sleep(Duration::from_millis(10));
    }
    spent.into_values().sum::<f64>() / 1e9
}

/// The threads whose names begin like this, by their numbers, with the nanoseconds that each has run.
fn threads_of(process: u32, name: &str) -> Vec<(String, f64)> {
    let Ok(threads) = fs::read_dir(format!("/proc/{process}/task")) else {
        return Vec::new();
    };
    let of_name = |folder: &std::path::Path| {
        fs::read_to_string(folder.join("comm")).is_ok_and(|comm| comm.starts_with(name))
    };
    let run = |folder: &std::path::Path| {
        let stat = fs::read_to_string(folder.join("schedstat")).ok()?;
        stat.split(' ').next()?.parse().ok()
    };
    let folders = threads.flatten().map(|thread| thread.path());
    let of_name = folders.filter(|folder| of_name(folder));
    of_name
        .filter_map(|folder| Some((folder.display().to_string(), run(&folder)?)))
        .collect()
}

/// Processor time of the children that have ended, of this process: user's and system's, which proc(5) counts in
/// hundredths of a second.
pub(crate) fn children_seconds() -> f64 {
    let stat = fs::read_to_string("/proc/self/stat").unwrap();
    let (_, fields) = stat.rsplit_once(") ").unwrap();
    let ticks = fields
        .split(' ')
        .skip(13)
        .take(2)
        .map(|ticks| ticks.parse::<f64>().unwrap());
    ticks.sum::<f64>() / 100.0
}
