/*
 * tests.h
 *		The lists of tests, one per topic.
 */
#ifndef TESTS_H
#define TESTS_H

#include "harness.h"

extern const UnitTest unit_buffer_tests[];
extern const UnitTest unit_memory_tests[];
extern const UnitTest unit_work_tests[];
extern const UnitTest unit_sort_tests[];
extern const UnitTest unit_hash_tests[];
extern const UnitTest unit_base64_tests[];
extern const UnitTest unit_text_tests[];
extern const UnitTest unit_json_tests[];
extern const UnitTest unit_number_tests[];
extern const UnitTest unit_parse_tests[];
extern const UnitTest unit_fragment_tests[];
extern const UnitTest unit_rules_tests[];
extern const UnitTest unit_document_tests[];
extern const UnitTest unit_lint_tests[];
extern const UnitTest unit_repair_tests[];
extern const UnitTest unit_piece_tests[];
extern const UnitTest unit_encoding_tests[];
extern const UnitTest unit_rule_tests[];
extern const UnitTest unit_view_tests[];
extern const UnitTest unit_index_tests[];
extern const UnitTest unit_column_tests[];
extern const UnitTest unit_track_tests[];
extern const UnitTest unit_clock_tests[];
extern const UnitTest unit_feature_tests[];
extern const UnitTest unit_summary_tests[];
extern const UnitTest unit_wide_tests[];
extern const UnitTest unit_cost_tests[];
extern const UnitTest unit_logical_tests[];
extern const UnitTest unit_damage_tests[];
extern const UnitTest unit_golden_tests[];
extern const UnitTest unit_size_tests[];
extern const UnitTest unit_printable_tests[];
extern const UnitTest unit_extract_tests[];

#endif							/* TESTS_H */
