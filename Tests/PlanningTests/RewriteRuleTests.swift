import Layers
import Planning
import TensorRuntime
import Testing

/// The rules on small programs.
@Suite struct RewriteRuleTests {
  /// A program under construction.
  private struct Builder {
    var lowering = Lowering()
    let spec = TensorSpec([2, 4, 6, 6], .channelsLast)
    private(set) var inputs: [Int] = []

    mutating func input() -> Value {
      let value = lowering.input(spec)
      inputs.append(value.id)
      return value
    }

    mutating func apply(_ layer: String, _ operation: any TensorRuntime.Operation, _ values: Value...) -> Value {
      lowering.layer = layer
      return lowering.apply(operation, to: values)
    }

    mutating func norm(_ layer: String, _ value: Value) -> Value {
      apply(layer, GroupNorm(batch: 2, channels: 4, spatial: [6, 6], groups: 1, epsilon: 1e-5, affine: true), value)
    }
    mutating func batchNorm(_ layer: String, _ value: Value) -> Value {
      apply(
        layer,
        BatchNorm(
          batch: 2, channels: 4, spatial: [6, 6], epsilon: 1e-5, momentum: 0.1, affine: true, tracks: true), value)
    }
    mutating func relu(_ value: Value) -> Value { apply("relu", Activation(kind: .relu, spec: value.spec), value) }
    mutating func silu(_ value: Value) -> Value { apply("silu", Activation(kind: .silu, spec: value.spec), value) }
    mutating func add(_ a: Value, _ b: Value) -> Value { apply("add", Add(spec: a.spec, count: 2), a, b) }
    mutating func drop(_ layer: String, _ value: Value, p: Double = 0.5) -> Value {
      apply(layer, Dropout(spec: value.spec, p: p), value)
    }
    mutating func pool(_ value: Value) -> Value {
      apply(
        "pool",
        MaxPool(
          batch: 2, channels: 4, input: [6, 6], kernel: [2, 2], stride: [2, 2], padding: [0, 0], ceilMode: false),
        value)
    }

    func program(_ output: Value) -> Program {
      Program(operations: lowering.operations, tensors: lowering.values, inputs: inputs, output: output.id)
    }
    func labels(_ output: Value, training: Bool = true) -> [String] {
      program(output).rewritten(by: RewriteRule.table, training: training).operations.map(\.operation.label)
    }
  }

  @Test func chainsBecomeOne() {
    var builder = Builder()
    let x = builder.input()
    let active = builder.relu(builder.batchNorm("norm", x))
    let y = builder.drop("drop", builder.pool(active))
    let before = builder.program(y)
    let after = before.rewritten(by: RewriteRule.table, training: true)
    #expect(after.operations.map(\.operation.label) == ["batch_norm + relu + max_pool2d 2x2 + dropout"])
    let fused = after.operations[0]
    #expect(fused.inputs == [x.id] && fused.output == y.id)
    // Weights, checkpoints and masks stay what they were.
    #expect(fused.parameters == ["norm.weight", "norm.bias"])
    #expect(fused.states == ["norm.running_mean", "norm.running_var", "norm.num_batches_tracked"])
    #expect(fused.stream == before.operations[3].stream)
    #expect(fused.layer == "norm")
  }

  @Test func whatOthersReadIsWritten() {
    var builder = Builder()
    let normed = builder.norm("norm", builder.input())
    let sum = builder.add(builder.relu(normed), normed)
    #expect(builder.labels(sum) == ["group_norm", "relu", "add"])
    // The output of the model has a reader too.
    var other = Builder()
    let output = other.norm("norm", other.input())
    _ = other.relu(output)
    #expect(other.labels(output) == ["group_norm", "relu"])
  }

  @Test func addendsAreComputedBefore() {
    var builder = Builder()
    let (x, shortcut) = (builder.input(), builder.input())
    let main = builder.norm("main", x)
    let side = builder.norm("side", shortcut)
    let y = builder.relu(builder.add(main, side))
    let operations = builder.program(y).rewritten(by: RewriteRule.table, training: true).operations
    #expect(operations.map(\.layer) == ["side", "main"])
    #expect(operations[1].operation.label == "group_norm + add + relu")
    #expect(operations[1].inputs == [x.id, side.id])
  }

  @Test func residualsOfResidualsChainEach() {
    var builder = Builder()
    var value = builder.input()
    for layer in ["a", "b", "c"] { value = builder.relu(builder.add(builder.norm(layer, value), value)) }
    #expect(builder.labels(value) == Array(repeating: "group_norm + add + relu", count: 3))
    var doubled = Builder()
    let x = doubled.norm("norm", doubled.input())
    let sum = doubled.add(x, x)
    #expect(doubled.labels(sum) == ["group_norm", "add"])
  }

  @Test func producersFinishTheirOutput() {
    for (training, activation, expected) in [
      (true, ActivationKind.relu, ["linear + relu"]), (true, .silu, ["linear", "silu"]),
      (false, .silu, ["linear + silu"]),
    ] {
      var builder = Builder()
      let x = builder.lowering.input(TensorSpec([2, 8]))
      let y = builder.apply("linear", Linear(rows: 2, inFeatures: 8, outFeatures: 3, bias: true), x)
      let active = builder.apply("act", Activation(kind: activation, spec: y.spec), y)
      #expect(builder.labels(active, training: training) == expected)
    }
    var builder = Builder()
    let x = builder.lowering.input(TensorSpec([2, 8]))
    let y = builder.apply("linear", Linear(rows: 2, inFeatures: 8, outFeatures: 8, bias: true), x)
    let active = builder.relu(builder.add(x, y))
    let operations = builder.program(active).rewritten(by: RewriteRule.table, training: true).operations
    #expect(operations.map(\.operation.label) == ["linear + add + relu"])
    #expect(operations[0].inputs == [x.id, x.id])
  }

  @Test func droppingNothingIsNoOperation() {
    var builder = Builder()
    let x = builder.input()
    let y = builder.drop("second", builder.drop("first", builder.norm("norm", x)))
    #expect(builder.labels(y, training: false) == ["group_norm"])
    #expect(
      builder.program(y).rewritten(by: RewriteRule.table, training: false).output
        == builder.lowering.operations[0].output)
    #expect(builder.labels(y, training: true) == ["group_norm + dropout", "dropout"])
    var none = Builder()
    let z = none.drop("drop", none.norm("norm", none.input()), p: 0)
    #expect(none.labels(z) == ["group_norm"])
  }

  @Test func elementwiseChainsAreOnePass() {
    var builder = Builder()
    let (a, b) = (builder.input(), builder.input())
    let y = builder.drop("drop", builder.silu(builder.add(a, b)))
    #expect(builder.labels(y) == ["add + silu + dropout"])
    var pooled = Builder()
    let z = pooled.pool(pooled.relu(pooled.input()))
    #expect(pooled.labels(z) == ["relu + max_pool2d 2x2"])
  }
}
