import Training

/// The plots of a finished run.
public enum RunFigures {
  /// Writes `curves.svg` and `confusion.svg` into the run's directory.
  ///
  /// - Throws: `DiagnosticFailure` (`run.write_failed`).
  public static func write(_ results: RunResults, to directory: RunDirectory) throws {
    let name = directory.path.split(separator: "/").last.map(String.init) ?? directory.path
    let title = name + (results.isSynthesized ? " (synthesized speech)" : "")
    let history = results.state.history
    let curves = CurvesFigure(
      title: title, trainLoss: history.map(\.trainLoss), validationLoss: history.map(\.validationLoss),
      validation: (history.first?.validation ?? []).indices.map { index in
        CurvesFigure.Figure(
          RunCurves.figureName(history[0].validation[index].name), history.map { $0.validation[index].value })
      }, learningRate: history.map(\.learningRate), bestEpoch: results.state.best?.epoch)
    try AtomicFile.write(curves.svg(), to: directory.file("curves.svg"))
    let metrics = results.test.metrics
    let confusion = ConfusionFigure(
      title: title,
      subtitle:
        "test set: accuracy \(percent(metrics.accuracy)), UAR \(percent(metrics.uar)), \(metrics.confusion.total) clips",
      matrix: metrics.confusion, classNames: results.classNames)
    try AtomicFile.write(confusion.svg(), to: directory.file("confusion.svg"))
  }

  /// The curves of a run as its records tell them.
  static func curves(_ run: RunRecord) -> CurvesFigure {
    let validation = run.history.names.filter { $0.hasPrefix("val.") && $0 != "val.loss" }
    func name(_ column: String) -> String { RunCurves.figureName(String(column.dropFirst("val.".count))) }
    let kept = run.keptBy.flatMap { $0 == "val.loss" ? nil : name($0) }
    return CurvesFigure(
      title: run.folderName + (run.isSynthesized ? " (synthesized speech)" : ""),
      trainLoss: run.history["train.loss"] ?? [], validationLoss: run.history["val.loss"] ?? [],
      validation: validation.map { .init(name($0), run.history[$0] ?? []) },
      learningRate: run.history["learning_rate"] ?? [], bestEpoch: run.bestEpoch, decidingFigure: kept)
  }

  private static func percent(_ value: Double) -> String { "\((value * 1000).rounded() / 10)%" }
}
