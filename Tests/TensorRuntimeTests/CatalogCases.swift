import TensorRuntime

extension OperationCase {
  /// The operations of norms.json and the files that follow it.
  func catalogOperation() throws -> any TensorRuntime.Operation {
    let shape = inputs[0].shape
    let (batch, channels, spatial) = (shape[0], shape[1], Array(shape.dropFirst(2)))
    switch op {
    case "batchNorm":
      return BatchNorm(
        batch: batch, channels: channels, spatial: spatial, epsilon: 1e-5, momentum: 0.1, affine: try flag("affine"),
        tracks: try flag("tracks"))
    default: throw UnknownOperation(name: op)
    }
  }
}
