import Foundation
import Training

extension Benchmark {
  /// What `serspec bench` prints of one spec.
  public func text(spec path: String) -> String {
    """
    \(path): batch \(batchSize), \(threads) \(threads == 1 ? "thread" : "threads"), \(grouped(parameters)) parameters
      training step  \(line(training))
      inference      \(line(inference))
      peak memory    \(peakMegabytes) MB
      planning       \(BenchmarkText.milliseconds(planning)) ms for a new shape
    \(lengthsLine)
    \(kindsTable.text())
    \(layersTable.text())
    """
  }

  private func line(_ times: StepTimes) -> String {
    let share = Int((100 * times.gigaflops / machineGigaflops).rounded())
    return "\(BenchmarkText.milliseconds(times.median)) ms, \(Int(Double(batchSize) / times.median)) clips a second, "
      + "\(Int(times.gigaflops)) GFLOP/s, \(share)% of this machine's \(Int(machineGigaflops))"
  }

  private var lengthsLine: String {
    guard let lengths = batches.lengths, let samples = batchSamples, let least = samples.min(), let most = samples.max()
    else { return "" }
    let origin =
      switch lengths.source {
      case .manifest: "as in the manifest"
      case .drawn: "drawn as CREMA-D's are distributed"
      }
    return "  lengths        \(samples.count) batches of \(least) to \(most) samples, \(origin); "
      + "a step takes \(BenchmarkText.milliseconds(training.mean)) ms in the mean\n"
  }

  private var kindsTable: TextTable {
    var table = TextTable([
      .init("a training step"), .init("ms", .right), .init("share", .right), .init("forward", .right),
      .init("backward", .right),
    ])
    func add(_ name: String, _ seconds: Double, forward: String = "", backward: String = "") {
      let share = "\(Int((100 * seconds / profile.step).rounded()))%"
      table.add([name, BenchmarkText.milliseconds(seconds), share, forward, backward])
    }
    for kind in profile.kinds {
      add(
        kind.name, kind.forward + kind.backward, forward: BenchmarkText.milliseconds(kind.forward),
        backward: BenchmarkText.milliseconds(kind.backward))
    }
    add("optimizer", profile.optimizer)
    add("rest", profile.rest)
    return table
  }

  private var layersTable: TextTable {
    TextTable(
      [.init("dearest layers"), .init("operation"), .init("forward ms", .right), .init("backward ms", .right)],
      rows: profile.layers.prefix(10).map {
        [
          $0.name, $0.operation, BenchmarkText.milliseconds($0.forward), BenchmarkText.milliseconds($0.backward),
        ]
      })
  }
}

/// Figures as texts.
private enum BenchmarkText {
  /// `12.3`
  static func milliseconds(_ seconds: Double) -> String { String(format: "%.1f", seconds * 1000) }
}
