/// A finished part of a picture, with its own corner as the origin.
struct GraphPiece {
  struct Point {
    var x: Double
    var y: Double
  }

  /// A box and what is in it.
  struct Box {
    enum Content {
      /// A feature, by its index in the scene.
      case input(Int)
      /// Layers below each other, with the name of the group that they are.
      case card(title: String?, layers: [Int])
      /// A group with boxes in it.
      case frame(title: String, layers: [Int])
    }

    let content: Content
    var x: Double
    var y: Double
    let width: Double
    let height: Double
  }

  /// A line from a box to another.
  struct Route {
    enum Shape {
      /// Through the points, each pair joined by a curve that starts and ends upright.
      case curve
      /// Along the axes, with rounded corners.
      case corners
    }

    let shape: Shape
    var points: [Point]
    var hasArrow = true
  }

  var width: Double
  var height: Double
  /// Where lines enter at the top and leave at the bottom.
  var entry: Double
  var exit: Double
  var boxes: [Box] = []
  var routes: [Route] = []
  /// Where a line from outside parts within.
  var dots: [Point] = []

  /// Adds another piece with its corner at a place.
  mutating func add(_ piece: GraphPiece, x: Double, y: Double) {
    boxes += piece.boxes.map {
      var box = $0
      box.x += x
      box.y += y
      return box
    }
    routes += piece.routes.map {
      var route = $0
      route.points = route.points.map { Point(x: $0.x + x, y: $0.y + y) }
      return route
    }
    dots += piece.dots.map { Point(x: $0.x + x, y: $0.y + y) }
  }
}
