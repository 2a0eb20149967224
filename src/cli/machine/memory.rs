//! Memory: what this process holds, and what it may take.
//!
//! Linux tells both in files, which are read as any other; elsewhere nothing is known, and nothing
//! limits a run but `--memory`.

use crate::io::World;
use std::path::{Path, PathBuf};

/// What this process holds, in bytes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(in crate::cli) struct Held {
    /// Now.
    pub(in crate::cli) now: usize,
    /// At most, since it started.
    pub(in crate::cli) most: usize,
}

/// What a run may take.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(in crate::cli) struct Allowed {
    pub(in crate::cli) bytes: usize,
    /// As people read it, such as `--memory`.
    pub(in crate::cli) by: String,
    /// Whether the user said so; else it is the machine's.
    pub(in crate::cli) asked: bool,
}

impl Held {
    /// As the system counts it; `None` where it does not tell.
    pub(in crate::cli) fn of(world: &dyn World) -> Option<Self> {
        let status = text(world, Path::new("/proc/self/status"))?;
        Some(Self { now: kilobytes(&status, "VmRSS:")?, most: kilobytes(&status, "VmHWM:")? })
    }
}

impl Allowed {
    /// What was asked for, else the least of memory and limits of the control group; `None` where
    /// nothing is known.
    pub(in crate::cli) fn of(asked: Option<u64>, world: &dyn World) -> Option<Self> {
        if let Some(bytes) = asked {
            let bytes = usize::try_from(bytes).unwrap_or(usize::MAX);
            return Some(Self { bytes, by: "--memory".into(), asked: true });
        }
        let memory = text(world, Path::new("/proc/meminfo")).and_then(|text| kilobytes(&text, "MemTotal:"));
        let machine = memory.map(|bytes| (bytes, "memory of this machine"));
        let group = control_group(world).map(|bytes| (bytes, "limit of the control group"));
        let (bytes, by) = machine.into_iter().chain(group).min_by_key(|(bytes, _)| *bytes)?;
        Some(Self { bytes, by: by.into(), asked: false })
    }
}

/// The least limit of the control groups that this process is in, version 1 or 2.
///
/// Inside a container the path that the system tells may not be there; then the root stands for it.
fn control_group(world: &dyn World) -> Option<usize> {
    let groups = text(world, Path::new("/proc/self/cgroup"))?;
    let limits = groups.lines().flat_map(|line| {
        let mut fields = line.splitn(3, ':').skip(1);
        let (controllers, path) = (fields.next().unwrap_or_default(), fields.next().unwrap_or_default());
        let (root, file) = match controllers {
            "" => ("/sys/fs/cgroup", "memory.max"),
            _ if controllers.split(',').any(|name| name == "memory") => {
                ("/sys/fs/cgroup/memory", "memory.limit_in_bytes")
            }
            _ => return Vec::new(),
        };
        let own = PathBuf::from(format!("{root}/{}", path.trim_matches('/')));
        let folders = own.ancestors().take_while(|folder| folder.starts_with(root));
        // `max` is no number: no limit.
        folders.filter_map(|folder| text(world, &folder.join(file))?.trim().parse::<usize>().ok()).collect()
    });
    limits.min()
}

fn text(world: &dyn World, path: &Path) -> Option<String> {
    String::from_utf8(world.read(path).ok()?).ok()
}

/// The bytes of a line such as `VmHWM:   1024 kB`.
fn kilobytes(text: &str, key: &str) -> Option<usize> {
    let line = text.lines().find_map(|line| line.strip_prefix(key))?;
    Some(line.split_whitespace().next()?.parse::<usize>().ok()? * 1024)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::io::MemoryWorld;

    fn allowed(world: &MemoryWorld) -> Option<(usize, String)> {
        Allowed::of(None, world).map(|allowed| (allowed.bytes, allowed.by))
    }

    #[test]
    fn the_least_of_all_limits_counts() {
        let machine = || MemoryWorld::default().with("/proc/meminfo", "MemTotal:  1000 kB\nMemFree: 1 kB\n");
        assert_eq!(allowed(&MemoryWorld::default()), None);
        assert_eq!(allowed(&machine()), Some((1_024_000, "memory of this machine".into())));
        let second = machine()
            .with("/proc/self/cgroup", "0::/job/step\n")
            .with("/sys/fs/cgroup/job/step/memory.max", "max\n")
            .with("/sys/fs/cgroup/job/memory.max", "5000\n");
        assert_eq!(allowed(&second), Some((5000, "limit of the control group".into())));
        let first = machine()
            .with("/proc/self/cgroup", "5:cpu:/job\n4:memory:/not/here\n")
            .with("/sys/fs/cgroup/memory/memory.limit_in_bytes", "7000\n");
        assert_eq!(allowed(&first), Some((7000, "limit of the control group".into())));
        let unlimited = machine()
            .with("/proc/self/cgroup", "4:memory:/\n")
            .with("/sys/fs/cgroup/memory/memory.limit_in_bytes", "9223372036854771712\n");
        assert_eq!(allowed(&unlimited), Some((1_024_000, "memory of this machine".into())));
        let asked = Allowed::of(Some(9), &first).expect("it was asked for");
        assert_eq!((asked.bytes, asked.by.as_str(), asked.asked), (9, "--memory", true));
    }

    #[test]
    fn held_memory_is_read_where_it_is_told() {
        let status = "Name:\tbinnc\nVmHWM:\t    3060 kB\nVmRSS:\t    1752 kB\n";
        let world = MemoryWorld::default().with("/proc/self/status", status);
        assert_eq!(Held::of(&world), Some(Held { now: 1752 * 1024, most: 3060 * 1024 }));
        assert_eq!(Held::of(&MemoryWorld::default()), None);
    }
}
