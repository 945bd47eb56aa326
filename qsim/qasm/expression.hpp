// SPDX-License-Identifier: Apache-2.0
// Angle expressions: operator-precedence parsing with explicit stacks (nothing recurses, so no
// nesting can exhaust the machine's stack) into postfix code, constants folded on the way, and the
// evaluation of that code. What names nothing folds to one constant; the code may name the formal
// parameters of a gate body and, unless strict, parameters of the circuit. Used by the parser and
// by the expander.
#pragma once

#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "qsim/classical/param.hpp"
#include "qsim/qasm/cursor.hpp"

namespace qross::qsim::qasm {

enum class ExprOp : std::uint8_t {
  constant,
  formal,
  parameter,  // push; of the gate body, of the circuit
  negate,
  sin,
  cos,
  tan,
  exp,
  ln,
  sqrt,  // one operand
  add,
  subtract,
  multiply,
  divide,
  power,  // two operands
};

/// One step of postfix code.
struct ExprStep {
  ExprOp op = ExprOp::constant;
  std::uint32_t formal = 0;  ///< or the circuit parameter's slot
  double value = 0.0;
};

/// The names an expression may use besides pi.
class FormalNames {
 public:
  /// The number of a formal parameter, if `name` is one.
  [[nodiscard]] virtual std::optional<std::uint32_t> find(std::string_view name) const = 0;

 protected:
  ~FormalNames() = default;
};

/// Free names: parameters of the circuit, numbered as they come.
class CircuitParameters {
 public:
  /// The slot of the parameter `name`, which may be new; nothing if the name means something else.
  virtual std::optional<std::uint32_t> slot(std::string_view name) = 0;

 protected:
  ~CircuitParameters() = default;
};

class ExpressionParser {
 public:
  /// `parameters` gives free names a meaning; null, as in the language of the paper: they have
  /// none, and a sign + before an operand is an error.
  ExpressionParser(Cursor& cursor, Diagnostics& diagnostics, std::uint32_t nesting,
                   CircuitParameters* parameters = nullptr)
      : cursor_(cursor), diagnostics_(diagnostics), nesting_(nesting), parameters_(parameters) {}

  /// Reads one expression and appends its code. Precedence: + - under * / under unary minus
  /// under ^, which is right-associative. Returns its place, or nothing after reporting an error
  /// (syntax, unknown name, nesting, a constant part that is not finite).
  std::optional<Span> parse(const FormalNames* formals, std::vector<ExprStep>& code);

 private:
  enum class Pending : std::uint8_t {
    paren,
    function,
    negate,
    add,
    subtract,
    multiply,
    divide,
    power
  };
  struct Operator {
    Pending kind;
    ExprOp op;
    Span span;
  };
  struct Operand {
    std::size_t code;  // where its code begins
    Span span;
  };

  bool operand(const FormalNames* formals, std::vector<ExprStep>& code, bool& complete);
  bool name(const FormalNames* formals, std::vector<ExprStep>& code, bool& complete);
  bool unknown(const Span& span, std::string_view name, bool called, const FormalNames* formals);
  bool number(std::vector<ExprStep>& code);
  bool open_paren();
  bool push_function(ExprOp op);
  bool binary(Pending kind, ExprOp op, std::vector<ExprStep>& code);
  bool close_paren(std::vector<ExprStep>& code);
  bool reduce(std::vector<ExprStep>& code);
  bool apply(ExprOp op, const Span& span, std::size_t left, std::size_t right,
             std::vector<ExprStep>& code);

  Cursor& cursor_;
  Diagnostics& diagnostics_;
  std::uint32_t nesting_;
  CircuitParameters* parameters_;
  std::uint32_t open_ = 0;
  std::vector<Operator> operators_;
  std::vector<Operand> operands_;
};

/// The value of postfix code at the given formal values. On success returns nothing and sets
/// `result`; otherwise says what is not finite. `stack` is scratch. Cost: one step per entry.
[[nodiscard]] std::optional<std::string> evaluate(std::span<const ExprStep> code,
                                                  std::span<const double> formals,
                                                  std::vector<double>& stack, double& result);

/// The same for code that names circuit parameters, or whose formals do: the value is an
/// expression. It also says where an expression grows beyond what Param can hold.
[[nodiscard]] std::optional<std::string> evaluate(std::span<const ExprStep> code,
                                                  std::span<const Param> formals,
                                                  std::vector<Param>& stack, Param& result);

/// True if the code is one constant.
[[nodiscard]] inline bool is_constant(std::span<const ExprStep> code) {
  return code.size() == 1 && code[0].op == ExprOp::constant;
}

/// What evaluating the code costs, in additions; functions and powers count eight.
[[nodiscard]] std::uint64_t evaluation_cost(std::span<const ExprStep> code);

/// The value of a decimal literal; infinity if it is too large, 0 if too small. Locale-free.
[[nodiscard]] double parse_real(std::string_view text);

}  // namespace qross::qsim::qasm
