// From C++: an operation of the conformance kit by its name, its arrays released by themselves.
#include <spectralsphere.h>

#include <cmath>
#include <iostream>
#include <memory>
#include <stdexcept>
#include <vector>

static sphere_message message;

static void check(int32_t status) {
  if (status != SPHERE_OK) throw std::runtime_error(message.text);
}

struct Result {
  sphere_handle handle = 0;
  ~Result() { sphere_release(handle, nullptr); }
};

int main() try {
  std::vector<double> theta{0.3, 1.2};
  const int64_t shape[] = {static_cast<int64_t>(theta.size())};
  const sphere_array input{"theta", SPHERE_FLOAT64, 1, shape, nullptr, theta.data()};
  Result result;
  check(sphere_run("legendre", R"({"lmax": 2, "orders": [1]})", SPHERE_FLOAT64, 1, &input,
                   &result.handle, &message));
  sphere_array lambda{};
  check(sphere_result_array(result.handle, 0, &lambda, &message));
  const auto *values = static_cast<const double *>(lambda.data);
  const double expected = -std::sqrt(3 / (8 * std::acos(-1.0))) * std::sin(theta[0]);
  std::cout << lambda.name << "_11(0.3) = " << values[1] << ", expected " << expected << "\n";
  return std::abs(values[1] - expected) < 1e-15 ? 0 : 1;
} catch (const std::exception &error) {
  std::cerr << error.what() << "\n";
  return 1;
}
