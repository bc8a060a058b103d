/// Symbolic differentiation, forward from the leaves: each node's derivative is made of those of its operands once, so
/// that the result is longer than the formula by a factor at most.
///
/// At kinks as PyTorch has it: comparisons are strict, so that max, min and relu have slope 0 where both sides are equal,
/// and so has abs at 0.
extension FormulaGraph {
  /// The derivative of `root` with respect to the leaf `variable`.
  mutating func derivative(of root: Index, by variable: Node) -> Index {
    let zero = constant(0)
    // Of leaves that are not the variable, and of all that is made of them, the derivative is zero.
    var slopes: [Index] = []
    for index in 0...root {
      let node = nodes[index]
      if node == variable {
        slopes.append(constant(1))
      } else if node.operands.allSatisfy({ slopes[$0] == zero }) {
        slopes.append(zero)
      } else {
        slopes.append(slope(of: node, at: index, slopes))
      }
    }
    return slopes[root]
  }

  private mutating func slope(of node: Node, at place: Index, _ slopes: [Index]) -> Index {
    switch node {
    case .input, .parameter, .constant, .outputGradient, .previous:
      return constant(0)
    case .unary(let function, let a):
      return product(slope(of: function, a, value: place), slopes[a])
    case .binary(let operation, let a, let b):
      return slope(of: operation, a, b, slopes[a], slopes[b], value: place)
    case .select(let comparison, let a, let b, let then, let otherwise):
      return select(comparison, a, b, slopes[then], slopes[otherwise])
    }
  }

  /// The derivative of a function at `a`, where it has the value of the node `value`.
  private mutating func slope(of function: FormulaFunction, _ a: Index, value: Index) -> Index {
    let one = constant(1)
    switch function {
    case .negate: return constant(-1)
    case .abs: return unary(.sign, a)
    case .sqrt: return quotient(constant(0.5), value)
    case .exp: return value
    case .expm1: return unary(.exp, a)
    case .log: return quotient(one, a)
    case .log1p: return quotient(one, sum(a, one))
    case .tanh: return difference(one, product(value, value))
    case .sigmoid: return difference(value, product(value, value))
    case .softplus: return unary(.sigmoid, a)
    case .erf:
      let bell = unary(.exp, unary(.negate, product(a, a)))
      return product(bell, constant(2 / Double.pi.squareRoot()))
    case .sin: return unary(.cos, a)
    case .cos: return unary(.negate, unary(.sin, a))
    case .relu: return select(.less, constant(0), a, one, constant(0))
    case .sign: return constant(0)
    }
  }

  private mutating func slope(
    of operation: FormulaOperator, _ a: Index, _ b: Index, _ da: Index, _ db: Index, value: Index
  ) -> Index {
    let zero = constant(0)
    switch operation {
    case .add: return sum(da, db)
    case .subtract: return difference(da, db)
    case .multiply: return sum(product(da, b), product(a, db))
    // (a' - (a / b) b') / b
    case .divide: return quotient(difference(da, product(value, db)), b)
    case .minimum: return sum(select(.less, a, b, da, zero), select(.less, b, a, db, zero))
    case .maximum: return sum(select(.less, b, a, da, zero), select(.less, a, b, db, zero))
    case .power:
      // b a^(b - 1) a' + a^b log(a) b', each zero where PyTorch has it zero although a factor is not finite.
      let lower = binary(.power, a, difference(b, constant(1)))
      let byBase = select(.equal, b, zero, zero, product(b, lower))
      let atZero = select(.lessOrEqual, zero, b, zero, product(value, unary(.log, a)))
      let byExponent = select(.equal, a, zero, atZero, product(value, unary(.log, a)))
      return sum(product(byBase, da), product(byExponent, db))
    }
  }
}
