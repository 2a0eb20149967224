//! Scores of genotypes on file against a pass over the same genotypes in memory, bit for bit.

use binnc::compiler::plan::{Input, Plan};
use binnc::data::{BedFile, GenotypeSet, PackedGenotypes, SampleId, Variant, open_plink, write_plink};
use binnc::engine::network::scoring::{Call, Scored, Scoring, SetRows, Tally, Watch};
use binnc::engine::network::{GenotypeCalls, InputData, InputRow, Parameters, initial, predict};
use binnc::io::MemoryWorld;
use binnc::language::spec::{Activation, Loss, Norm};
use std::ops::Range;
use std::path::Path;

use crate::network::{Builder, packed, singles};

const VARIANTS: usize = 900;
/// Variants from here on are of a second genotype set.
const SECOND_SET: usize = 500;
/// A variant that the file does not have.
const ABSENT: usize = 33;

/// Chains of all kinds, long ones among them; maps behind them that can and cannot add chain by
/// chain, with few units and with many; a variant that no chain reads.
fn network() -> Plan {
    let mut net = Builder::new(VARIANTS, 0);
    let mut genes = Vec::new();
    for k in 0..90 {
        let variants = (0..1 + 3 * (k % 6)).map(|i| (9 * k + i) % VARIANTS);
        genes.extend(net.block(variants, 1, Activation::Tanh, 0.0));
    }
    for k in 0..5 {
        let hidden = net.block((0..40).map(|i| (83 * k + 2 * i) % VARIANTS), 6, Activation::Gelu, 0.1);
        genes.extend(net.block(hidden, 1, Activation::Linear, 0.0));
    }
    genes.extend(net.block(0..VARIANTS, 1, Activation::Linear, 0.0));
    let wide = net.block(0..VARIANTS, 18, Activation::Sigmoid, 0.0);
    genes.extend(net.block(wide, 2, Activation::Relu, 0.0));
    for norm in [Norm::Batch, Norm::Units] {
        let hidden = net.normalised(490..800, 5, Activation::Softplus, 0.0, norm);
        genes.extend(net.normalised(hidden, 3, Activation::Tanh, 0.0, norm));
    }
    let mut pathways = Vec::new();
    for k in 0..12 {
        let read: Vec<usize> = (0..30).map(|i| genes[k + 2 * i]).collect();
        let (norm, units) = [(Norm::None, 1 + k % 4), (Norm::Batch, 3), (Norm::Units, 8)][k % 3];
        pathways.extend(net.normalised(read, units, Activation::Tanh, 0.05, norm));
    }
    let backwards = genes[3..40].iter().rev().copied();
    pathways.extend(net.block(backwards, 1, Activation::Tanh, 0.0));
    pathways.extend(net.block(genes[..70].iter().copied(), 20, Activation::Tanh, 0.0));
    let mixed = net.block(genes[20..].iter().copied().chain([5, VARIANTS - 1]), 2, Activation::Tanh, 0.0);
    net.predict(mixed.chain(pathways).chain([genes[7]]), &[Loss::Mse, Loss::Bce], 1.0);
    let mut plan = net.build();
    for (place, input) in plan.inputs.iter_mut().enumerate().skip(SECOND_SET) {
        *input = Input::Variant { set: 1, index: place - SECOND_SET };
    }
    plan
}

fn table(place: usize) -> [f32; 4] {
    let mean = singles(VARIANTS, 4)[place];
    if place == ABSENT { [0.5; 4] } else { [2.0 - mean, 0.1, 1.0 - mean, -mean] }
}

fn on_file(calls: &PackedGenotypes) -> BedFile {
    let sample = |k: usize| SampleId { family: "f".to_string(), individual: format!("i{k}") };
    let variant = |k: usize| Variant {
        chromosome: "1".to_string(),
        id: format!("v{k}"),
        position: Some(k as u64 + 1),
        allele1: "A".to_string(),
        allele2: "G".to_string(),
    };
    let set = GenotypeSet {
        samples: (0..calls.samples()).map(sample).collect(),
        variants: (0..calls.variants()).map(variant).collect(),
        calls: calls.clone(),
    };
    let world = MemoryWorld::default();
    write_plink(&world, Path::new("p"), &set).expect("written to memory");
    open_plink(&world, Path::new("p")).expect("a set").1
}

struct Unwatched;

impl Watch for Unwatched {
    fn done(&self, _: usize) {}

    fn cancelled(&self) -> bool {
        false
    }
}

fn score(scoring: &Scoring<'_>, rows: Range<usize>, threads: usize) -> Scored {
    let pool = rayon::ThreadPoolBuilder::new().num_threads(threads).build().expect("threads");
    pool.install(|| scoring.run(rows, &Unwatched)).expect("the file is readable")
}

fn bits(outputs: &[Vec<Vec<f32>>]) -> Vec<u32> {
    outputs.iter().flatten().flatten().map(|value| value.to_bits()).collect()
}

#[test]
fn every_kind_of_network_is_scored_to_the_bit() {
    let samples = 611;
    let plan = network();
    let calls = [packed(SECOND_SET, samples, 3), packed(VARIANTS - SECOND_SET, samples, 8)];
    let orders: [Vec<u32>; 2] = [(0..samples as u32).collect(), (0..samples as u32).rev().collect()];
    let members: Vec<Parameters<f32>> = [5, 6]
        .map(|seed| {
            let mut member = initial(&plan, &vec![false; plan.inputs.len()], &[0.3, -0.2], seed);
            member.biases.iter_mut().zip(singles(plan.biases, seed)).for_each(|(bias, value)| *bias += value);
            member
        })
        .into();
    let place = |input: &Input| match input {
        Input::Variant { set, index } => (*set, *index),
        Input::Column { .. } => unreachable!("the network reads variants alone"),
    };
    let rows = plan.inputs.iter().enumerate().map(|(at, input)| {
        let (set, variant) = place(input);
        InputRow::Variant { set, variant, table: table(at) }
    });
    let sets = [0, 1].map(|set: usize| GenotypeCalls { calls: &calls[set], samples: &orders[set] });
    let inputs = InputData::new(&plan, sets.to_vec(), rows.collect());
    let all: Vec<u32> = (0..samples as u32).collect();
    let expected: Vec<Vec<Vec<f32>>> =
        members.iter().map(|member| predict(&plan, member, &inputs, &all)).collect();

    let files = [on_file(&calls[0]), on_file(&calls[1])];
    let sets = [
        SetRows { file: &files[0], samples: None, counts: false },
        SetRows { file: &files[1], samples: Some(&orders[1]), counts: true },
    ];
    let of_plan = plan.inputs.iter().enumerate().map(|(at, input)| {
        let (set, variant) = place(input);
        Call { set, variant: (at != ABSENT).then_some(variant as u32), table: table(at) }
    });
    let of_plan: Vec<Call> = of_plan.collect();
    let scoring = Scoring::new(&plan, &members, &sets, &of_plan);
    for rows in [0..samples, 0..1, 5..130, 254..611, 608..609] {
        for threads in [1, 3] {
            let found = score(&scoring, rows.clone(), threads);
            let part = |values: &Vec<f32>| values[rows.clone()].to_vec();
            let expected: Vec<Vec<Vec<f32>>> =
                expected.iter().map(|member| member.iter().map(part).collect()).collect();
            assert_eq!(bits(&found.outputs), bits(&expected), "{rows:?} on {threads} threads");
            let in_second = |variant: usize, code: u8| {
                let reads = |row: usize| calls[1].code(variant, orders[1][row] as usize) == code;
                rows.clone().filter(|row| reads(*row)).count() as u32
            };
            for (at, tally) in found.tallies.iter().enumerate() {
                let expected = match at.checked_sub(SECOND_SET) {
                    Some(variant) => {
                        Tally { missing: in_second(variant, 1), heterozygous: in_second(variant, 2) }
                    }
                    None => Tally::default(),
                };
                assert_eq!(*tally, expected, "calls of input {at} in {rows:?}");
            }
        }
    }
}

#[test]
fn many_samples_go_through_in_blocks() {
    let samples = 33_001;
    let mut net = Builder::new(6, 0);
    let genes: Vec<usize> =
        (0..2).flat_map(|k| net.block(3 * k..3 * k + 3, 1, Activation::Tanh, 0.0)).collect();
    net.predict(genes, &[Loss::Mse], 1.0);
    let plan = net.build();
    let calls = packed(6, samples, 3);
    let members = [initial(&plan, &[false; 6], &[0.3], 4)];
    let rows = (0..6).map(|variant| InputRow::Variant { set: 0, variant, table: table(variant) });
    let order: Vec<u32> = (0..samples as u32).collect();
    let inputs =
        InputData::new(&plan, vec![GenotypeCalls { calls: &calls, samples: &order }], rows.collect());
    let expected = predict(&plan, &members[0], &inputs, &order);
    let file = on_file(&calls);
    let sets = [SetRows { file: &file, samples: None, counts: false }];
    let of_plan: Vec<Call> =
        (0..6).map(|k| Call { set: 0, variant: Some(k as u32), table: table(k) }).collect();
    let scoring = Scoring::new(&plan, &members, &sets, &of_plan);
    assert!(scoring.steps(&(0..samples)) > 1, "more than one block");
    let found = score(&scoring, 0..samples, 2);
    assert_eq!(bits(&found.outputs), bits(&[expected]));
    let last = (0..6).map(|variant| calls.row(variant).last().copied());
    assert!(found.last_bytes.into_iter().eq(last), "the ends of rows were seen");
}
