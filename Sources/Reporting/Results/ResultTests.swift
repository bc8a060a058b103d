import Training

/// Fills in the intervals of rows and tests them against the baseline.
struct ResultTests {
  let options: ResultComparison.Options
  let unit: ResultComparison.Unit

  /// A test set: which clips of which classes. Rows that share one see the same draws.
  private struct Clips: Hashable {
    let files: [String]
    let labels: [String]
    let classes: [String]
  }

  /// The predictions of a row's runs on its clips in the order of names.
  private struct Aligned {
    let clips: Clips
    let speakers: [String]
    let truth: [Int]
    let runs: [[Int]]
  }

  func run(on rows: inout [ResultRow], baseline: Int) {
    let aligned = rows.map(aligned)
    var bootstraps: [Clips: Bootstrap] = [:]
    var samples: [[[Double]]?] = []
    for (index, row) in aligned.enumerated() {
      guard let row else {
        samples.append(nil)
        continue
      }
      let bootstrap = bootstraps[row.clips] ?? bootstrap(row)
      bootstraps[row.clips] = bootstrap
      let drawn = bootstrap.samples(row.runs, name: rows[index].title)
      for (figure, name) in Bootstrap.figureNames.enumerated() {
        guard let place = rows[index].figures.firstIndex(where: { $0.name == name }) else { continue }
        rows[index].figures[place].interval = Bootstrap.interval(drawn[figure])
      }
      samples.append(drawn)
    }
    rows[baseline].standing = .baseline
    var tested: [(row: Int, test: ResultRow.Test)] = []
    for index in rows.indices where index != baseline {
      guard let own = aligned[index], let other = aligned[baseline], own.clips == other.clips,
        let a = samples[index], let b = samples[baseline]
      else { continue }
      tested.append((index, test(rows[index], rows[baseline], own, other, a, b)))
    }
    let adjusted = holmAdjusted(tested.map(\.test.mcNemar.midP))
    for (entry, value) in zip(tested, adjusted) {
      var test = entry.test
      test.adjusted = value
      rows[entry.row].standing = .tested(test)
    }
  }

  private func test(
    _ row: ResultRow, _ baseline: ResultRow, _ own: Aligned, _ other: Aligned, _ a: [[Double]], _ b: [[Double]]
  ) -> ResultRow.Test {
    let seeds = baseline.runs.map(\.seed)
    let first = row.runs.firstIndex { seeds.contains($0.seed) } ?? 0
    let second = baseline.runs.firstIndex { $0.seed == row.runs[first].seed } ?? 0
    let differences = Bootstrap.figureNames.enumerated().map { figure, name in
      (
        name: name, value: (row.figure(name)?.mean ?? .nan) - (baseline.figure(name)?.mean ?? .nan),
        interval: Bootstrap.interval(zip(a[figure], b[figure]).map { $0 - $1 })
      )
    }
    let test = McNemarTest(truth: own.truth, first: own.runs[first], second: other.runs[second])
    return ResultRow.Test(
      accuracyDifference: row.accuracy - baseline.accuracy, differences: differences, mcNemar: test,
      seeds: (row.runs[first].seed, baseline.runs[second].seed), adjusted: test.midP)
  }

  private func bootstrap(_ row: Aligned) -> Bootstrap {
    var numbers: [String: Int] = [:]
    let groups = row.speakers.map { speaker -> Int in
      let number = numbers[speaker] ?? numbers.count
      numbers[speaker] = number
      return number
    }
    let usesSpeakers = unit == .speaker && !row.speakers.contains("")
    return Bootstrap(
      truth: row.truth, classes: row.clips.classes.count, groups: usesSpeakers ? groups : nil, draws: options.draws,
      seed: options.seed)
  }

  /// nil where the runs were tested on different clips.
  private func aligned(_ row: ResultRow) -> Aligned? {
    var result: Aligned?
    var runs: [[Int]] = []
    for run in row.runs {
      let records = run.predictions
      let order = records.files.indices.sorted { records.files[$0] < records.files[$1] }
      let clips = Clips(
        files: order.map { records.files[$0] }, labels: order.map { run.classNames[records.truth[$0]] },
        classes: run.classNames)
      if let result, result.clips != clips { return nil }
      runs.append(order.map { records.predictions[$0] })
      result = Aligned(
        clips: clips, speakers: order.map { records.speakers[$0] }, truth: order.map { records.truth[$0] }, runs: runs)
    }
    return result
  }
}
