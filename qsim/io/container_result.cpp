// SPDX-License-Identifier: Apache-2.0
// The HDF5 structure of a result: /counts (bits, count), /expectations (observable, value, error),
// /registers (name, bits), /measured (qubit, bit, final), /json. Lists may be empty; texts of a
// list share the longest's length.
#include <algorithm>
#include <vector>

#include "qsim/io/container.hpp"
#include "qsim/io/hdf5_memory-inl.hpp"

namespace qross::qsim {
namespace {

template <class Entry, class Member>
std::vector<Member> column(const std::vector<Entry>& entries, Member Entry::*member) {
  std::vector<Member> values;
  values.reserve(entries.size());
  for (const Entry& entry : entries) values.push_back(entry.*member);
  return values;
}

template <class Entry>
void write_texts(const Hdf5Session& hdf5, hid_t where, const char* name,
                 const std::vector<Entry>& entries, std::string Entry::*member) {
  std::size_t width = 1;
  for (const Entry& entry : entries) width = std::max(width, (entry.*member).size());
  std::vector<char> all(width * entries.size(), '\0');
  for (std::size_t k = 0; k < entries.size(); ++k) {
    const std::string& text = entries[k].*member;
    std::copy(text.begin(), text.end(), all.begin() + static_cast<std::ptrdiff_t>(k * width));
  }
  const Hdf5Id type = string_type(hdf5, width);
  const hsize_t count = entries.size();
  const Hdf5Id set = create_dataset(hdf5, where, name, type, &count);
  hdf5.check(H5Dwrite(set, type, H5S_ALL, H5S_ALL, H5P_DEFAULT, all.data()), name);
}

template <class Entry>
void read_texts(const Hdf5Session& hdf5, hid_t where, const char* name, std::uint64_t most,
                std::vector<Entry>& entries, std::string Entry::*member) {
  const Hdf5Id set = hdf5.id(H5Dopen2(where, name, H5P_DEFAULT), H5Dclose, name);
  const Hdf5Id type = hdf5.id(H5Dget_type(set), H5Tclose, name);
  const std::size_t width = text_bytes(hdf5, type, most, name);
  const hsize_t count = stored_count(hdf5, set, name);
  if (count > most / width) hdf5.fail(fmt::format("use '{}': longer than the file", name));
  std::vector<char> all(width * count);
  const Hdf5Id memory = string_type(hdf5, width);
  hdf5.check(H5Dread(set, memory, H5S_ALL, H5S_ALL, H5P_DEFAULT, all.data()), name);
  entries.resize(count);
  for (std::size_t k = 0; k < entries.size(); ++k) {
    (entries[k].*member).assign(all.data() + k * width, width);
    trim(entries[k].*member);
  }
}

template <class Entry, class Member>
void read_column(const Hdf5Session& hdf5, hid_t where, const char* name, std::uint64_t most,
                 std::vector<Entry>& entries, Member Entry::*member) {
  const std::vector<Member> values = read_list<Member>(hdf5, where, name, most);
  if (values.size() != entries.size()) {
    hdf5.fail(
        fmt::format("use '{}': {} values for {} entries", name, values.size(), entries.size()));
  }
  for (std::size_t k = 0; k < values.size(); ++k) entries[k].*member = values[k];
}

}  // namespace

FileImage make_result_container(const std::filesystem::path& shown, const ResultRecord& result) {
  FileImage image;
  const Hdf5Session hdf5(ErrorCode::io, shown);
  const Hdf5Memory memory(hdf5, image);
  const Hdf5Id plan = hdf5.id(H5Pcreate(H5P_FILE_CREATE), H5Pclose, "make a property list");
  hdf5.check(H5Pset_userblock(plan, kSealBytes), "make room for the seal");
  Hdf5Id root =
      hdf5.id(H5Fcreate(shown.c_str(), H5F_ACC_TRUNC, plan, memory.access()), H5Fclose, "create");
  write_text(hdf5, root, "format", "qross.result/1");
  write_number<std::uint32_t>(hdf5, root, "format_version", kResultFormatVersion);
  write_text(hdf5, root, "program", result.program.substr(0, 1024));
  write_text(hdf5, root, "bit_order", "the last bit is leftmost");
  write_number<std::uint32_t>(hdf5, root, "qubits", result.qubits);
  write_number<std::uint64_t>(hdf5, root, "shots", result.shots);
  if (result.seed) write_number<std::uint64_t>(hdf5, root, "seed", *result.seed);
  write_long_text(hdf5, root, "json", result.json);
  {
    const Hdf5Id group = create_group(hdf5, root, "counts");
    write_texts(hdf5, group, "bits", result.counts, &CountEntry::bits);
    write_list(hdf5, group, "count", column(result.counts, &CountEntry::count));
  }
  {
    const Hdf5Id group = create_group(hdf5, root, "expectations");
    write_texts(hdf5, group, "observable", result.expectations, &ExpectationEntry::observable);
    write_list(hdf5, group, "value", column(result.expectations, &ExpectationEntry::value));
    write_list(hdf5, group, "error", column(result.expectations, &ExpectationEntry::error));
  }
  {
    const Hdf5Id group = create_group(hdf5, root, "registers");
    write_texts(hdf5, group, "name", result.registers, &RegisterEntry::name);
    write_list(hdf5, group, "bits", column(result.registers, &RegisterEntry::bits));
  }
  if (result.measured) {
    const Hdf5Id group = create_group(hdf5, root, "measured");
    write_list(hdf5, group, "qubit", column(*result.measured, &MeasuredEntry::qubit));
    write_list(hdf5, group, "bit", column(*result.measured, &MeasuredEntry::bit));
    write_list(hdf5, group, "final", column(*result.measured, &MeasuredEntry::final));
  }
  hdf5.check(root.release(), "close");
  hdf5.finish();
  return image;
}

ResultRecord read_result_container(const std::filesystem::path& file) {
  const File bytes = File::open_read(file);
  SealedImage sealed = read_sealed(bytes, FileKind::result, kResultFormatVersion);
  const std::uint64_t most = sealed.image.size();

  const Hdf5Session hdf5(ErrorCode::corrupt, file);
  const Hdf5Memory memory(hdf5, sealed.image);
  const Hdf5Id root =
      hdf5.id(H5Fopen(file.c_str(), H5F_ACC_RDONLY, memory.access()), H5Fclose, "open");
  ResultRecord result;
  result.program = read_text(hdf5, root, "program");
  result.qubits = read_number<std::uint32_t>(hdf5, root, "qubits");
  result.shots = read_number<std::uint64_t>(hdf5, root, "shots");
  if (hdf5.check(H5Aexists(root, "seed"), "look for the seed") > 0) {
    result.seed = read_number<std::uint64_t>(hdf5, root, "seed");
  }
  result.json = read_long_text(hdf5, root, "json", most);
  const Hdf5Id counts = hdf5.id(H5Gopen2(root, "counts", H5P_DEFAULT), H5Gclose, "open /counts");
  read_texts(hdf5, counts, "bits", most, result.counts, &CountEntry::bits);
  read_column(hdf5, counts, "count", most, result.counts, &CountEntry::count);
  const Hdf5Id expectations =
      hdf5.id(H5Gopen2(root, "expectations", H5P_DEFAULT), H5Gclose, "open /expectations");
  read_texts(hdf5, expectations, "observable", most, result.expectations,
             &ExpectationEntry::observable);
  read_column(hdf5, expectations, "value", most, result.expectations, &ExpectationEntry::value);
  read_column(hdf5, expectations, "error", most, result.expectations, &ExpectationEntry::error);
  const Hdf5Id registers =
      hdf5.id(H5Gopen2(root, "registers", H5P_DEFAULT), H5Gclose, "open /registers");
  read_texts(hdf5, registers, "name", most, result.registers, &RegisterEntry::name);
  read_column(hdf5, registers, "bits", most, result.registers, &RegisterEntry::bits);
  if (hdf5.check(H5Lexists(root, "measured", H5P_DEFAULT), "look for /measured") > 0) {
    const Hdf5Id group =
        hdf5.id(H5Gopen2(root, "measured", H5P_DEFAULT), H5Gclose, "open /measured");
    const auto qubits = read_list<std::uint32_t>(hdf5, group, "qubit", most);
    result.measured.emplace(qubits.size());
    for (std::size_t k = 0; k < qubits.size(); ++k) (*result.measured)[k].qubit = qubits[k];
    read_column(hdf5, group, "bit", most, *result.measured, &MeasuredEntry::bit);
    read_column(hdf5, group, "final", most, *result.measured, &MeasuredEntry::final);
  }
  return result;
}

}  // namespace qross::qsim
