import Syntax
import TensorRuntime

extension FormulaExpression {
  /// What the runtime computes for a formula of the language; names in `constants` stand for numbers.
  init(_ formula: Formula, constants: [String: Double] = [:]) {
    self.init(formula.root, constants)
  }

  private init(_ term: Formula.Term, _ constants: [String: Double]) {
    switch term {
    case .number(let value): self = .constant(value)
    case .name(Formula.input): self = .input
    case .name(let name): self = constants[name].map { .constant($0) } ?? .parameter(name)
    case .negative(let operand): self = .unary(.negate, FormulaExpression(operand, constants))
    case .arithmetic(let operation, let a, let b):
      self = .binary(operation.runtime, FormulaExpression(a, constants), FormulaExpression(b, constants))
    case .call(let function, let arguments):
      let operands = arguments.map { FormulaExpression($0, constants) }
      switch function.runtime {
      case .one(let function): self = .unary(function, operands[0])
      case .many(let operation): self = operands.dropFirst().reduce(operands[0]) { .binary(operation, $0, $1) }
      }
    case .choice(let condition, let then, let otherwise):
      let (then, otherwise) = (FormulaExpression(then, constants), FormulaExpression(otherwise, constants))
      self = FormulaExpression.choice(condition, constants, then, otherwise)
    }
  }

  /// `not` changes branches, `and` and `or` choose twice; of a comparison with NaN only `!=` holds.
  private static func choice(
    _ condition: Formula.Condition, _ constants: [String: Double], _ then: FormulaExpression,
    _ otherwise: FormulaExpression
  ) -> FormulaExpression {
    switch condition {
    case .not(let inner): return choice(inner, constants, otherwise, then)
    case .and(let a, let b): return choice(a, constants, choice(b, constants, then, otherwise), otherwise)
    case .or(let a, let b): return choice(a, constants, then, choice(b, constants, then, otherwise))
    case .comparison(let comparison, let left, let right):
      let (a, b) = (FormulaExpression(left, constants), FormulaExpression(right, constants))
      switch comparison {
      case .less: return .select(.less, a, b, then: then, otherwise: otherwise)
      case .lessOrEqual: return .select(.lessOrEqual, a, b, then: then, otherwise: otherwise)
      case .greater: return .select(.less, b, a, then: then, otherwise: otherwise)
      case .greaterOrEqual: return .select(.lessOrEqual, b, a, then: then, otherwise: otherwise)
      case .equal: return .select(.equal, a, b, then: then, otherwise: otherwise)
      case .unequal: return .select(.equal, a, b, then: otherwise, otherwise: then)
      }
    }
  }
}

extension Formula.Operator {
  fileprivate var runtime: FormulaOperator {
    switch self {
    case .add: .add
    case .subtract: .subtract
    case .multiply: .multiply
    case .divide: .divide
    case .power: .power
    }
  }
}

/// A function of the language in the runtime.
private enum RuntimeFunction {
  case one(FormulaFunction)
  /// Of two, applied to one more argument at a time.
  case many(FormulaOperator)
}

extension FormulaFunctionName {
  fileprivate var runtime: RuntimeFunction {
    switch self {
    case .abs: .one(.abs)
    case .cos: .one(.cos)
    case .erf: .one(.erf)
    case .exp: .one(.exp)
    case .expm1: .one(.expm1)
    case .log: .one(.log)
    case .log1p: .one(.log1p)
    case .max: .many(.maximum)
    case .min: .many(.minimum)
    case .relu: .one(.relu)
    case .sigmoid: .one(.sigmoid)
    case .sign: .one(.sign)
    case .sin: .one(.sin)
    case .softplus: .one(.softplus)
    case .sqrt: .one(.sqrt)
    case .tanh: .one(.tanh)
    }
  }
}
