//! What holds of any prior that is read: indices name something, names stand once, and intervals
//! have a first and a last base.

use std::path::Path;

use binnc::io::MemoryWorld;
use binnc::knowledge::{Cache, How, Incidence, Intervals, Knowledge, read, read_cached};
use binnc::language::spec::{Contigs, Format, Reading};

/// Keeping costs more than reading, so that one input in this many goes through the cache too.
const KEPT: usize = 16;
const NAME: &str = "f";

/// How a file is read when its item says nothing else.
pub fn how(reading: &Reading, format: Format) -> How<'_> {
    How { reading, format, contigs: &Contigs::Same, weight: None, sign: None }
}

/// Reads `content` as `how` says, with a table of contigs where it asks for one.
pub fn check(how: How<'_>, content: &[u8], contigs: &[u8]) {
    let world = MemoryWorld::default().with(NAME, content).with("contigs", contigs);
    let path = Path::new(NAME);
    let table = matches!(how.contigs, Contigs::File(_)).then_some(Path::new("contigs"));
    let Ok(loaded) = read(&world, path, NAME, how, table) else { return };
    assert!(!loaded.found.has_errors(), "what was read is told no error");
    match &loaded.knowledge {
        Knowledge::Pairs(pairs) => {
            assert!(!how.reading.gives_intervals(), "a reading of pairs");
            pairs_hold_together(pairs, how);
        }
        Knowledge::Intervals(intervals) => {
            assert!(how.reading.gives_intervals(), "a reading of intervals");
            intervals_hold_together(intervals);
        }
    }
    if content.len().is_multiple_of(KEPT) {
        let cache = Some(Cache { folder: Path::new("kept"), prior: "p", least_bytes: 0 });
        read_cached(&world, path, NAME, how, table, cache).expect("reads as before");
        let kept = read_cached(&world, path, NAME, how, table, cache).expect("reads as before");
        assert!(kept.from_cache, "what was read once is kept: {:?}", kept.cache_note);
        assert!(kept.knowledge == loaded.knowledge, "the cache says the same");
        assert!((kept.found, kept.notes) == (loaded.found, loaded.notes), "and finds the same");
    }
}

fn pairs_hold_together(pairs: &Incidence, how: How<'_>) {
    let count = pairs.members.len();
    assert_eq!(pairs.offsets.len(), pairs.targets.len() + 1, "a run a target");
    assert!(pairs.offsets[0] == 0 && pairs.offsets.is_sorted() && pairs.offsets.last() == Some(&count));
    assert_eq!(pairs.lines.len(), count, "a line a pair");
    assert!([0, count].contains(&pairs.weights.len()) && [0, count].contains(&pairs.signs.len()));
    assert!(pairs.weights.is_empty() || how.reading.takes_weights(), "weights can be asked for");
    assert!(pairs.weights.iter().all(|weight| weight.is_finite()), "weights are numbers");
    assert!(pairs.signs.iter().all(|sign| (-1..=1).contains(sign)), "signs");
    assert!(pairs.members.iter().all(|member| (*member as usize) < pairs.sources.len()));
    for target in 0..pairs.targets.len() {
        let mut members = pairs.members_of(target).to_vec();
        members.sort_unstable();
        assert!(members.windows(2).all(|pair| pair[0] < pair[1]), "a pair stands once");
    }
    stand_once(&pairs.sources);
    stand_once(&pairs.targets);
}

fn intervals_hold_together(intervals: &Intervals) {
    let Intervals { names, contigs, starts, ends, strands, lines, .. } = intervals;
    let lengths = [contigs.len(), starts.len(), ends.len(), strands.len(), lines.len()];
    assert_eq!(lengths, [names.len(); 5], "one of each an interval");
    assert!(
        starts.iter().zip(ends).all(|(start, end)| 1 <= *start && start <= end),
        "from first to last base"
    );
    stand_once(names);
}

fn stand_once(names: &[String]) {
    let mut sorted: Vec<&String> = names.iter().collect();
    sorted.sort_unstable();
    assert!(sorted.windows(2).all(|pair| pair[0] != pair[1]), "a name stands once");
    assert!(names.iter().all(|name| !name.is_empty()), "a name is not empty");
}
