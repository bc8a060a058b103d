extension ParameterSpec {
  /// Weight of ones and bias of zeros, as normalisations start.
  static func scaleAndShift(_ shape: Shape) -> [ParameterSpec] {
    [
      ParameterSpec("weight", shape, initialisation: .constant(1)),
      ParameterSpec("bias", shape, initialisation: .constant(0)),
    ]
  }

  /// Calls `body` with each value's index in PyTorch's order, ascending, and its index in memory.
  func forEachIndex(_ body: (_ external: Int, _ memory: Int) -> Void) {
    var strides = [Int](repeating: 0, count: shape.rank)
    var stride = 1
    for axis in memoryOrder.reversed() {
      strides[axis] = stride
      stride *= shape[axis]
    }
    var position = [Int](repeating: 0, count: shape.rank)
    var memory = 0
    for external in 0..<shape.count {
      body(external, memory)
      var axis = shape.rank - 1
      while axis >= 0 {
        position[axis] += 1
        memory += strides[axis]
        if position[axis] < shape[axis] { break }
        memory -= strides[axis] * shape[axis]
        position[axis] = 0
        axis -= 1
      }
    }
  }

  /// Copies values in PyTorch's order to this parameter's memory.
  public func toMemory(_ external: UnsafePointer<Float>, _ memory: UnsafeMutablePointer<Float>) {
    forEachIndex { memory[$1] = external[$0] }
  }

  /// Copies this parameter's memory to PyTorch's order.
  public func toExternal(_ memory: UnsafePointer<Float>, _ external: UnsafeMutablePointer<Float>) {
    forEachIndex { external[$0] = memory[$1] }
  }
}

extension Initialisation {
  /// Fills the memory of a parameter. Draw i goes to element i in PyTorch's order, so that the layout in memory does
  /// not change the weights.
  public func fill(_ memory: UnsafeMutablePointer<Float>, of spec: ParameterSpec, key: RandomKey) {
    var cursor = RandomCursor(RandomStream(key))
    switch self {
    case .constant(let value):
      for index in 0..<spec.shape.count { memory[index] = value }
    case .uniform(let bound):
      spec.forEachIndex { memory[$1] = bound * (2 * cursor.uniform() - 1) }
    case .normal(let deviation):
      var second: Float?
      spec.forEachIndex { _, index in
        if let value = second {
          memory[index] = deviation * value
          second = nil
        } else {
          let (a, b) = cursor.normalPair()
          memory[index] = deviation * a
          second = b
        }
      }
    }
  }
}
