//! Draws how time grows, from what `whole --csv` wrote: with rules, events and days, each on logarithmic axes, as SVG.

use std::{collections::BTreeMap, env, fmt::Write, fs, io};

const WIDE: f64 = 250.0;
const HIGH: f64 = 200.0;
const LEFT: f64 = 56.0;
const TOP: f64 = 42.0;

/// A line: its name, its colour, and its points.
type Curve<'a> = (&'a str, &'a str, Vec<(f64, f64)>);

/// A row of the measures: part, program, rules, input, threads, measure, round, value.
struct Row<'a>(Vec<&'a str>);

impl Row<'_> {
    fn cell(&self, index: usize) -> &str {
        self.0.get(index).map_or("", |cell| cell.trim_matches('"'))
    }

    fn number(&self, index: usize) -> f64 {
        self.cell(index).parse().unwrap_or(f64::NAN)
    }
}

fn main() -> io::Result<()> {
    let [csv, svg] = env::args()
        .skip(1)
        .collect::<Vec<_>>()
        .try_into()
        .map_err(|_| io::Error::other("usage: curves MEASURES.csv CURVES.svg"))?;
    let text = fs::read_to_string(csv)?;
    let rows: Vec<Row<'_>> = text.lines().skip(1).map(|line| Row(line.split(',').collect())).collect();
    let curve = |part: &str, program: &str, input: Option<&str>, across: usize| {
        let mut values: BTreeMap<u64, Vec<f64>> = BTreeMap::new();
        for row in &rows {
            let is_it = row.cell(0) == part
                && row.cell(1) == program
                && input.is_none_or(|input| row.cell(3) == input)
                && row.cell(5) == "microseconds a user";
            if is_it {
                values.entry(row.number(across) as u64).or_default().push(row.number(7));
            }
        }
        let median = |(at, mut values): (u64, Vec<f64>)| {
            values.sort_by(f64::total_cmp);
            (at as f64, values[values.len() / 2])
        };
        values.into_iter().map(median).collect::<Vec<_>>()
    };
    let (own, other) = ("#0b6e4f", "#b5651d");
    let panels: [(&str, &str, Vec<Curve<'_>>); 3] = [
        (
            "rules",
            "7 days, 12 events",
            vec![
                ("Courtesy", own, curve("memory", "courtesy", Some("many users"), 2)),
                ("by hand, plain", other, curve("memory", "plain", None, 2)),
            ],
        ),
        ("events a user", "20 rules, 7 days", vec![("Courtesy", own, curve("events", "courtesy", None, 3))]),
        (
            "days of the plan",
            "20 rules, 12 events",
            vec![("Courtesy", own, curve("days", "courtesy", None, 4))],
        ),
    ];
    let width = (WIDE + LEFT + 24.0) * 3.0;
    let mut out = format!(
        "<svg xmlns=\"http://www.w3.org/2000/svg\" viewBox=\"0 0 {width} {}\" font-family=\"sans-serif\" font-size=\"11\">\n\
         <rect width=\"100%\" height=\"100%\" fill=\"white\"/>\n",
        HIGH + TOP + 52.0
    );
    for (index, (across, title, curves)) in panels.iter().enumerate() {
        let left = LEFT + index as f64 * (WIDE + LEFT + 24.0);
        panel(&mut out, left, (across, title), curves);
    }
    out.push_str("</svg>\n");
    fs::write(svg, out)
}

/// The powers of ten around the values.
fn powers(values: impl Iterator<Item = f64> + Clone) -> (f64, f64) {
    let least = values.clone().fold(f64::INFINITY, f64::min).log10().floor();
    let most = values.fold(f64::NEG_INFINITY, f64::max).log10().ceil();
    (least, most.max(least + 1.0))
}

fn panel(out: &mut String, left: f64, (across, title): (&str, &str), curves: &[Curve<'_>]) {
    let points = || curves.iter().flat_map(|(_, _, points)| points.iter());
    if points().next().is_none() {
        return;
    }
    let (x0, x1) = powers(points().map(|point| point.0));
    let (y0, y1) = powers(points().map(|point| point.1));
    let x = |value: f64| left + (value.log10() - x0) / (x1 - x0) * WIDE;
    let y = |value: f64| TOP + HIGH - (value.log10() - y0) / (y1 - y0) * HIGH;
    let mut add = |text: std::fmt::Arguments<'_>| {
        let _ = writeln!(out, "{text}");
    };
    add(format_args!("<text x=\"{left}\" y=\"16\" font-weight=\"bold\">µs a user</text>"));
    add(format_args!("<text x=\"{left}\" y=\"31\" fill=\"#666\">{title}</text>"));
    for power in x0 as i32..=x1 as i32 {
        let (value, bottom) = (10f64.powi(power), TOP + HIGH);
        add(format_args!(
            "<path d=\"M{0:.1} {TOP}V{bottom}\" stroke=\"#ddd\"/><text x=\"{0:.1}\" y=\"{1}\" text-anchor=\"middle\">{value}</text>",
            x(value),
            bottom + 16.0
        ));
    }
    for power in y0 as i32..=y1 as i32 {
        let value = 10f64.powi(power);
        add(format_args!(
            "<path d=\"M{left} {0:.1}H{1}\" stroke=\"#ddd\"/><text x=\"{2}\" y=\"{3:.1}\" text-anchor=\"end\">{value}</text>",
            y(value),
            left + WIDE,
            left - 6.0,
            y(value) + 4.0
        ));
    }
    let middle = left + WIDE / 2.0;
    add(format_args!(
        "<text x=\"{middle}\" y=\"{}\" text-anchor=\"middle\">{across}</text>",
        TOP + HIGH + 36.0
    ));
    let end = |points: &[(f64, f64)]| points.last().map_or(f64::NEG_INFINITY, |(_, b)| *b);
    let highest = curves.iter().map(|(_, _, points)| end(points)).fold(f64::NEG_INFINITY, f64::max);
    for (name, colour, points) in curves {
        let line: Vec<String> = points.iter().map(|(a, b)| format!("{:.1},{:.1}", x(*a), y(*b))).collect();
        add(format_args!(
            "<polyline points=\"{}\" fill=\"none\" stroke=\"{colour}\" stroke-width=\"2\"/>",
            line.join(" ")
        ));
        for (a, b) in points {
            add(format_args!("<circle cx=\"{:.1}\" cy=\"{:.1}\" r=\"3\" fill=\"{colour}\"/>", x(*a), y(*b)));
        }
        if let Some((a, b)) = points.last() {
            // The one that ends highest is named above its end, the others beside theirs.
            let (across, down, anchor) =
                if *b == highest { (0.0, -10.0, "end") } else { (7.0, 4.0, "start") };
            add(format_args!(
                "<text x=\"{:.1}\" y=\"{:.1}\" fill=\"{colour}\" text-anchor=\"{anchor}\">{name}</text>",
                x(*a) + across,
                y(*b) + down
            ));
        }
    }
}
