import Reporting

/// Layer graphs for tests of their pictures.
enum Scenes {
  /// Collects layers; each reads the one before unless told otherwise.
  struct Builder {
    var layers: [GraphScene.Layer] = []

    @discardableResult
    mutating func add(_ name: String, _ kind: String, from sources: [GraphScene.Source]? = nil) -> GraphScene.Source {
      let before: GraphScene.Source = layers.isEmpty ? .input(0) : .layer(layers.count - 1)
      let role: LayerRole =
        kind.hasPrefix("conv") || kind == "linear"
        ? .weights : kind.hasSuffix("norm") ? .scale : kind == "add" ? .join : .pointwise
      layers.append(
        GraphScene.Layer(
          name: name, kind: kind, shape: "[64, 32, 32]", parameters: role == .weights ? 36_864 : 0,
          multiplyAdds: role == .weights ? 37_748_736 : 0, sources: sources ?? [before], role: role))
      return .layer(layers.count - 1)
    }

    func scene(inputs: [String] = ["mel_image"]) -> GraphScene {
      GraphScene(inputs: inputs.map { GraphScene.Input(name: $0, shape: "[1, 64, 64]") }, layers: layers)
    }
  }

  /// A chain of so many layers in one group.
  static func chain(_ count: Int) -> GraphScene {
    var builder = Builder()
    for index in 1...count { builder.add("logits.relu_\(index)", "relu") }
    return builder.scene()
  }

  /// Bottleneck blocks with skip connections, every fourth with a projection beside it.
  static func residual(blocks: Int) -> GraphScene {
    var builder = Builder()
    var last = builder.add("stem.conv2d", "conv2d")
    for block in 1...blocks {
      let name = "stages.bottleneck_\(block).residual"
      var branch = last
      for layer in 1...3 {
        branch = builder.add("\(name).conv2d_\(layer)", "conv2d", from: [branch])
        branch = builder.add("\(name).group_norm_\(layer)", "group_norm", from: [branch])
        if layer < 3 { branch = builder.add("\(name).relu_\(layer)", "relu", from: [branch]) }
      }
      if block % 4 == 1 {
        last = builder.add("\(name).shortcut.conv2d", "conv2d", from: [last])
        last = builder.add("\(name).shortcut.group_norm", "group_norm", from: [last])
      }
      last = builder.add("\(name).add", "add", from: [branch, last])
      last = builder.add("stages.bottleneck_\(block).relu", "relu", from: [last])
    }
    builder.add("logits.global_avg_pool", "global_avg_pool", from: [last])
    builder.add("logits.linear", "linear")
    return builder.scene()
  }

  /// Branches of different lengths in one block, and a node that two others and a feature feed.
  static let branches: GraphScene = {
    var builder = Builder()
    let start = builder.add("trunk.conv2d", "conv2d")
    var ends: [GraphScene.Source] = [start]
    for branch in 1...4 {
      var last = start
      for layer in 1...branch {
        last = builder.add("trunk.parallel.branch_\(branch).conv2d_\(layer)", "conv2d", from: [last])
      }
      ends.append(last)
    }
    let joined = builder.add("trunk.parallel.concat", "concat", from: ends)
    let other = builder.add("side.conv2d", "conv2d", from: [.input(1)])
    builder.add("logits.add", "add", from: [joined, other, .input(1), start])
    builder.add("logits.linear <6> & \"more\"", "linear")
    return builder.scene(inputs: ["mel_image", "spectral"])
  }()

  /// Groups that reach into each other, so that neither can be one box.
  static let tangled: GraphScene = {
    var builder = Builder()
    let first = builder.add("a.conv2d", "conv2d")
    let second = builder.add("b.conv2d", "conv2d", from: [first])
    let third = builder.add("a.relu", "relu", from: [second])
    builder.add("b.relu", "relu", from: [third])
    return builder.scene()
  }()

  static let all: [(name: String, scene: GraphScene)] = [
    ("chain of 1", chain(1)), ("chain of 200", chain(200)), ("residual", residual(blocks: 3)),
    ("residual, long", residual(blocks: 18)), ("branches", branches), ("tangled", tangled),
  ]
}
