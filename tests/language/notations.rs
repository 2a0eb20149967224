//! Two notations, one spec: twins, conversions and what each must keep.

use binnc::cli::load::open;
use binnc::io::Disk;
use std::path::Path;

#[test]
fn twins_give_the_same_spec() {
    let spec = |path: &str| {
        let opened = open(&Disk, Path::new(path)).expect("the spec opens");
        assert!(opened.found.is_empty(), "{path}: {:?}", opened.found);
        opened.spec.expect("it lowers")
    };
    let canonical = |path: &str| serde_json::to_string(&spec(path)).expect("a spec is data");
    assert_eq!(canonical("specs/shoot_branching.binn"), canonical("specs/shoot_branching.yaml"));
}
