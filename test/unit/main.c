/*
 * main.c
 *		Runs the tests of the core.
 */
#include "tests.h"

static const UnitTest *const lists[] = {
	unit_buffer_tests,
	unit_memory_tests,
	unit_work_tests,
	unit_sort_tests,
	unit_hash_tests,
	unit_base64_tests,
	unit_text_tests,
	unit_json_tests,
	unit_number_tests,
	unit_parse_tests,
	unit_fragment_tests,
	unit_rules_tests,
	unit_document_tests,
	unit_lint_tests,
	unit_repair_tests,
	unit_piece_tests,
	unit_encoding_tests,
	unit_rule_tests,
	unit_view_tests,
	unit_index_tests,
	unit_column_tests,
	unit_track_tests,
	unit_clock_tests,
	unit_feature_tests,
	unit_summary_tests,
	unit_wide_tests,
	unit_cost_tests,
	unit_logical_tests,
	unit_damage_tests,
	unit_golden_tests,
	unit_size_tests,
	unit_printable_tests,
	unit_extract_tests,
};

int
main(void)
{
	return unit_run(lists, sizeof(lists) / sizeof(lists[0])) == 0 ? 0 : 1;
}
