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
        CurvesFigure.Figure(history[0].validation[index].name, history.map { $0.validation[index].value })
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

  private static func percent(_ value: Double) -> String { "\((value * 1000).rounded() / 10)%" }
}
