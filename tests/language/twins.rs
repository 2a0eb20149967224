//! Each spec in two notations: one spec, one plan.

use crate::notations::{canonical, specs};
use binnc::cli::load::{Depth, load, open};
use binnc::compiler::plan::plan_digest;
use binnc::io::Disk;
use binnc::language::spec::Format;
use binnc::language::spec::digest::SpecDigests;
use std::path::Path;

#[test]
fn twins_give_the_same_spec() {
    let mut plans = 0;
    for path in specs()
        .iter()
        .filter(|path| path.starts_with("specs") && path.extension().is_some_and(|e| e == "binn"))
    {
        let [one, other] = [path.clone(), path.with_extension("yaml")].map(|path| {
            let opened = open(&Disk, &path).expect("the spec opens");
            assert!(!opened.found.has_errors(), "{}: {:?}", path.display(), opened.found);
            opened.spec.expect("it lowers")
        });
        assert_eq!(canonical(&one), canonical(&other), "{}", path.display());
        assert_eq!(
            serde_json::to_string(&SpecDigests::of(&one)).ok(),
            serde_json::to_string(&SpecDigests::of(&other)).ok()
        );
        if one.genotypes.iter().all(|item| item.origin.format == Format::Simulate) {
            let digest = |spec| {
                let loaded = load(&Disk, spec, Path::new("specs"), Depth::Lists);
                plan_digest(&loaded.unwrap_or_else(|found| panic!("compiles: {found:?}")).0.plan)
            };
            assert_eq!(digest(one), digest(other), "{}", path.display());
            plans += 1;
        }
    }
    assert!(plans > 0, "a spec with generated data");
}
