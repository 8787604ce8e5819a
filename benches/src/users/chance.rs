//! Draws.

use fastrand::Rng;

/// The draws of one user. Users of neighbouring numbers have nothing in common.
pub(super) fn of_user(seed: u64, number: u64) -> Rng {
    Rng::with_seed((seed ^ number.wrapping_mul(0x9E37_79B9_7F4A_7C15)).wrapping_mul(0xD6E8_FEB8_6659_FD93))
}

/// Yes with that chance.
pub(super) fn yes(rng: &mut Rng, chance: f64) -> bool {
    rng.f64() < chance
}

/// One of them, with chances in proportion to the weights.
pub(crate) fn weighted<T: Copy>(rng: &mut Rng, choices: &[(T, u32)]) -> T {
    let total = choices.iter().map(|(_, weight)| weight).sum();
    let mut left = rng.u32(0..total);
    for (choice, weight) in choices {
        if left < *weight {
            return *choice;
        }
        left -= weight;
    }
    choices[0].0
}

/// A number that is mostly small and now and then large.
pub(super) fn long_tailed(rng: &mut Rng, mean: f64) -> u32 {
    // The mean of an exponential draw to the power of 1.6 is the gamma function at 2.6.
    const MEAN: f64 = 1.429_6;
    let draw = (-(1.0 - rng.f64()).ln()).powf(1.6) / MEAN;
    (draw * mean).round() as u32
}
