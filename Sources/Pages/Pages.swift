/// `Pages`: what a run's store says, as HTML for people: one page that needs nothing but itself.
///
/// `RunPage` holds what `Reporting` computes, put into words and figures; Templates/run.mustache says how it looks. Everything
/// that a template inserts is escaped, save what is made here: the pictures, drawn by gnuplot from numbers alone.
package enum Pages {
    /// Nothing is loaded from anywhere, and no script runs, whatever a model may have answered.
    package static let contentPolicy = "default-src 'none'; style-src 'unsafe-inline'; img-src data:"
    /// Of every page, in CSS.
    package static var style: String { Templates.style }
}
