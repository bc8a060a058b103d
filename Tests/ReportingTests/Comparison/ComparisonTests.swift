import Reporting
import Spec
import Testing

@Suite("comparing experiments") struct ComparisonTests {
  private static let body = """
    body: {from: mel_image, layers: [LAYERS, global_avg_pool]}
    logits: {from: body, layers: [linear: "${classes}"]}
    """
  private static let unit = "conv2d: {out_channels: 8, kernel_size: 3}, group_norm: 1, relu, max_pool2d: 2"
  private static let deeper = "conv2d: {out_channels: 16, kernel_size: 3}, group_norm: 1, relu, max_pool2d: 2"

  private func model(_ layers: String) throws -> ExperimentComparison.Side {
    try experiment(Self.body.replacing("LAYERS", with: layers))
  }

  @Test(
    "one edit of the layers is one change",
    arguments: [
      // Inserted in front of, between and behind others, so that their labels shift.
      (
        "\(unit), \(deeper)", "conv2d: {out_channels: 4, kernel_size: 1}, \(unit), \(deeper)",
        ["added model.body.conv2d"]
      ),
      (
        "\(unit), \(deeper)", "\(unit), conv2d: {out_channels: 8, kernel_size: 1}, \(deeper)",
        ["added model.body.conv2d_2"]
      ),
      ("\(unit), \(deeper)", "\(unit), dropout: 0.2, \(deeper)", ["added model.body.dropout"]),
      ("\(unit), dropout: 0.2, \(deeper)", "\(unit), \(deeper)", ["removed model.body.dropout"]),
      (unit, "\(unit), relu", ["added model.body.relu_2"]),
      // A field; an activation in the place of another.
      ("\(unit), \(deeper)", "\(unit.replacing("3}", with: "5}")), \(deeper)", ["changed model.body.conv2d"]),
      (unit, unit.replacing("relu", with: "silu"), ["changed model.body.silu"]),
      // Swapped neighbours.
      (unit, unit.replacing("group_norm: 1, relu", with: "relu, group_norm: 1"), ["moved model.body.group_norm"]),
      (unit, unit, []),
    ])
  func oneEdit(before: String, after: String, expected: [String]) throws {
    let found = ExperimentComparison(try model(before), try model(after))
    let swapped = expected == ["moved model.body.group_norm"] ? [expected, ["moved model.body.relu"]] : [expected]
    #expect(swapped.contains(found.brief), "\(found.brief)")
  }

  @Test("a layer's change comes with its figures and what they cost") func figures() throws {
    let found = ExperimentComparison(
      try model(unit), try model(unit.replacing("8, kernel_size: 3", with: "12, kernel_size: 5")))
    let change = try #require(found.model.changes.first)
    #expect(change.fields.map(\.name) == ["out_channels", "kernel_size"])
    #expect(change.before?.figures?.parameters == 8 * 9 + 8)
    #expect(change.after?.figures?.parameters == 12 * 25 + 12)
    #expect(change.before?.figures?.outputShape.description == "[8, 62, 62]")
    #expect(change.after?.figures?.outputShape.description == "[12, 60, 60]")
    let difference = (12 * 25 + 12) - (8 * 9 + 8) + 2 * 4 + 6 * 4
    #expect(found.model.parameters.after - found.model.parameters.before == difference)
    #expect(found.model.affected.map(\.path).contains("model.logits.linear"))
    #expect(found.model.changes.count == 1)
  }

  private var unit: String { Self.unit }

  @Test("a node that is called otherwise is renamed, and what it feeds is fed by the same") func renamed() throws {
    let other = Self.body.replacing("body", with: "trunk").replacing("LAYERS", with: Self.unit)
    #expect(ExperimentComparison(try model(Self.unit), try experiment(other)).brief == ["renamed model.trunk"])
    // With a change in it, too.
    let changed = other.replacing("relu", with: "silu")
    #expect(
      ExperimentComparison(try model(Self.unit), try experiment(changed)).brief
        == ["renamed model.trunk", "changed model.trunk.silu"])
  }

  @Test("a branch that is put in is one change, and so is what joins it") func branch() throws {
    let joined = """
      body: {from: mel_image, layers: [\(Self.unit), global_avg_pool]}
      side: {from: spectral, layers: [conv1d: {out_channels: 4, kernel_size: 3}, relu, global_avg_pool]}
      both: {concat: [body, side]}
      logits: {from: both, layers: [linear: "${classes}"]}
      """
    let found = ExperimentComparison(try model(Self.unit), try experiment(joined))
    #expect(found.brief == ["added model.side", "added model.both", "changed model.logits"])
    #expect(found.model.changes[0].after?.layers == ["conv1d", "relu", "global_avg_pool"])
    #expect(found.model.changes[2].fields.map(\.name) == ["from"])
    #expect(found.checkpoint.matching == found.checkpoint.wanted - 3)
    #expect(found.checkpoint.missing.map(\.name) == ["side.conv1d.weight", "side.conv1d.bias"])
    #expect(found.checkpoint.reshaped.map(\.after.name) == ["logits.linear.weight"])
  }

  @Test("a layer with parameters that goes to another node has moved") func betweenNodes() throws {
    let before = """
      body: {from: mel_image, layers: [\(Self.unit), global_avg_pool, linear: 8]}
      logits: {from: body, layers: [layer_norm, linear: "${classes}"]}
      """
    let after = before.replacing(", linear: 8]", with: "]").replacing("[layer_norm", with: "[linear: 8, layer_norm")
    let found = ExperimentComparison(try experiment(before), try experiment(after))
    #expect(found.brief == ["moved model.logits.linear"])
    #expect(found.model.changes.first?.before?.path == "model.body.linear")
  }

  @Test("the report's specs: what differs and what follows") func report() throws {
    let found = ExperimentComparison(try experiment(file: "cnn2d.yaml"), try experiment(file: "combined.yaml"))
    #expect(found.brief == ["added model.time_path", "added model.fused", "changed model.logits"])
    #expect(found.model.parameters == (5_169_350, 5_739_462))
    #expect((found.checkpoint.matching, found.checkpoint.wanted) == (21, 34))
    #expect(found.splitReasons.isEmpty && !found.isSame)
    let varlen = ExperimentComparison(
      try experiment(file: "combined.yaml"), try experiment(file: "combined-varlen.yaml"))
    #expect(varlen.brief == ["changed length"])
    #expect(varlen.features.map(\.reasons) == [["other length"], ["other length"]])
    #expect(varlen.checkpoint.matching == 34)
    let rates = ExperimentComparison(try experiment(file: "cnn1d.yaml"), try experiment(file: "cnn2d.yaml"))
    #expect(
      rates.brief == [
        "changed train.optimizer.adam.lr", "changed train.schedule.cosine.to", "removed model.time_path",
        "added model.image_path", "changed model.logits", "changed model.logits.head.silu",
      ])
    #expect(rates.features.map(\.reasons) == [["not used before"]])
  }

  @Test(
    "values by area, with what follows",
    arguments: [
      ("seed", "7", ["changed seed"], [], [], true), ("split.seed", "7", ["changed split.seed"], [], ["split"], true),
      ("length.seconds", "2", ["changed length.seconds"], ["other length"], [], true),
      ("audio", "[{resample: 16000}, mono, {vad: none}]", ["removed audio.z_score"], ["other audio"], [], true),
      (
        "audio", "[{resample: 16000}, z_score, mono, {vad: none}]", ["moved audio.mono"], ["other audio"], [], true
      ),
      (
        "features.mel_image.0.mel_spectrogram.n_mels", "80", ["changed features.mel_image.mel_spectrogram.n_mels"],
        ["other steps"], [], true
      ),
      ("on_bad_clip", "skip", ["changed on_bad_clip"], [], [], true),
      ("train.optimizer", "{adam: {lr: 1.0e-3, weight_decay: 0.0001}}", [], [], [], false),
      (
        "corpus", "demo",
        ["changed corpus.name", "changed corpus.gender", "changed corpus.intensity", "changed corpus.synthesize"],
        ["other corpus"], ["corpus"], true
      ),
      ("name", "other", [], [], [], false),
    ] as [(String, String, [String], [String], [String], Bool)])
  func values(key: String, value: String, brief: [String], features: [String], splits: [String], differs: Bool) throws {
    let found = ExperimentComparison(
      try experiment(file: "cnn2d.yaml"), try experiment(file: "cnn2d.yaml", set: [(key: key, value: value)]))
    #expect(found.brief == brief || (brief == ["moved audio.mono"] && found.brief == ["moved audio.z_score"]))
    #expect(found.features.map(\.reasons) == [features])
    #expect(found.splitReasons == splits)
    #expect(found.isSame != differs)
  }

  @Test("a run's resolved spec has other labels but is the same experiment") func resolvedSpec() throws {
    let spec = try experiment(file: "combined.yaml")
    let text = resolvedText(spec.spec, origins: true)
    let again = try resolvedExperiment(text)
    #expect(ExperimentComparison(spec, again).brief.isEmpty)
    #expect(ExperimentComparison(spec, again).isSame)
  }
}
