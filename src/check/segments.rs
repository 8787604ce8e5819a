//! Segments: in which order they are lowered, and that none refers to itself.

use std::collections::HashSet;

use super::{
    checker::{Checker, Scope},
    words::spelled,
};
use crate::{
    diagnostic::Code,
    program::{ConditionId, Origin},
    syntax::ast::{self, ConditionKind, Name},
};

/// How deep conditions may go, segments within segments included: the interpreter recurses into them.
const DEEPEST: u32 = 200;

/// How many parts a condition may have once its segments are written out: each may be looked at for each question.
const LARGEST: u32 = 10_000;

impl Checker<'_> {
    /// Lowers all segments, those first that others refer to. A circle is reported, and broken where it closes.
    pub(super) fn lower_segments(&mut self) {
        let count = self.segments.len();
        let references: Vec<Vec<(usize, Origin)>> =
            (0..count).map(|index| self.references_of(index)).collect();
        let mut done = vec![false; count];
        for root in 0..count {
            // Each entry: a segment and how many of its references have been followed. No recursion: chains are long.
            let mut path: Vec<(usize, usize)> = vec![(root, 0)];
            let mut on_path: HashSet<usize> = HashSet::from([root]);
            while let Some((segment, followed)) = path.last_mut() {
                let segment = *segment;
                if done.get(segment).copied().unwrap_or(true) {
                    on_path.remove(&segment);
                    path.pop();
                    continue;
                }
                let next = references.get(segment).and_then(|list| list.get(*followed)).copied();
                *followed += 1;
                match next {
                    Some((target, place)) if on_path.contains(&target) => {
                        let circle: Vec<usize> = path
                            .iter()
                            .map(|(segment, _)| *segment)
                            .skip_while(|segment| *segment != target)
                            .collect();
                        self.report_circle(&circle, place);
                    }
                    Some((target, _)) => {
                        if !done.get(target).copied().unwrap_or(true) {
                            on_path.insert(target);
                            path.push((target, 0));
                        }
                    }
                    None => {
                        self.lower_segment(segment);
                        if let Some(done) = done.get_mut(segment) {
                            *done = true;
                        }
                    }
                }
            }
        }
    }

    fn lower_segment(&mut self, index: usize) {
        let Some(entry) = self.segments.get(index) else { return };
        let (source, condition) = (entry.item.source, entry.item.condition);
        let lowered = self.condition(Scope::of(source), condition);
        self.must_be_shallow(lowered, Scope::of(source).origin(condition.span));
        if let Some(entry) = self.segments.get_mut(index) {
            entry.item.lowered = Some(lowered);
        }
    }

    /// Says so if a condition goes deeper than the interpreter will follow, or is larger.
    pub(super) fn must_be_shallow(&mut self, condition: ConditionId, origin: Origin) {
        let depth = self.depths.get(condition.index()).copied().unwrap_or(0);
        let size =
            self.sizes.get_mut(condition.index()).map(|size| (*size > LARGEST).then(|| std::mem::take(size)));
        if size.flatten().is_some() {
            // What builds on it is not told as well: it counts for nothing now.
            let finding = self
                .finding(Code::ChainTooLong, Scope::of(origin.source), origin.span, "this is too large")
                .label(format!("with its segments written out it has more than {LARGEST} parts"))
                .help("write what is meant with fewer segments that build on each other");
            self.report(finding);
        }
        // Said where the limit is first passed, not for all that builds on it.
        if depth > DEEPEST && depth <= DEEPEST + 3 {
            let finding = self
                .finding(Code::ChainTooLong, Scope::of(origin.source), origin.span, "this goes too deep")
                .label(format!("segments within segments, more than {DEEPEST} levels"))
                .help("write what is meant with fewer segments that build on each other");
            self.report(finding);
        }
        if depth > DEEPEST {
            // Whatever builds on it is not lowered any deeper.
            if let Some(depth) = self.depths.get_mut(condition.index()) {
                *depth = DEEPEST + 4;
            }
        }
    }

    fn report_circle(&mut self, circle: &[usize], place: Origin) {
        let names: Vec<String> = circle
            .iter()
            .chain(circle.first())
            .filter_map(|segment| self.segments.get(*segment))
            .map(|entry| spelled(&entry.name))
            .collect();
        let message = match circle {
            [_] => format!("the segment `{}` refers to itself", names.join("")),
            _ => "these segments refer to each other in a circle".to_owned(),
        };
        let message = if circle.len() == 1 {
            format!("the segment `{}` refers to itself", names.first().map_or("", String::as_str))
        } else {
            message
        };
        let mut finding = self
            .finding(Code::SegmentCycle, Scope::of(place.source), place.span, message)
            .label(names.join(" → "))
            .help("say who is in the segment without asking whether they are in it");
        for segment in circle {
            if let Some(origin) = self.segments.get(*segment).and_then(|entry| entry.origin) {
                finding = finding.also(origin.source, origin.span, "");
            }
        }
        self.report(finding);
    }

    /// The condition of a segment; a part of a circle never holds.
    pub(super) fn segment_condition(&mut self, index: usize, origin: Origin) -> ConditionId {
        let lowered = self.segments.get_mut(index).and_then(|entry| {
            entry.item.is_used = true;
            entry.item.lowered
        });
        lowered.unwrap_or_else(|| self.constant(false, origin))
    }

    /// The segments that a segment's condition names, and where.
    fn references_of(&self, index: usize) -> Vec<(usize, Origin)> {
        let Some(entry) = self.segments.get(index) else { return Vec::new() };
        let source = entry.item.source;
        let mut names = Vec::new();
        collect(entry.item.condition, &mut names);
        let scope = Scope::of(source);
        names
            .into_iter()
            .filter_map(|name| Some((self.segments.find(&name.node)?, scope.origin(name.span))))
            .collect()
    }
}

/// The names in a condition that may be those of segments.
fn collect<'c>(condition: &'c ast::Condition, names: &mut Vec<&'c Name>) {
    match &condition.node {
        ConditionKind::And(parts) | ConditionKind::Or(parts) => {
            parts.iter().for_each(|part| collect(part, names));
        }
        ConditionKind::Not(part) => collect(part, names),
        ConditionKind::Bare(name) | ConditionKind::InSegment(name) => names.push(name),
        _ => {}
    }
}
