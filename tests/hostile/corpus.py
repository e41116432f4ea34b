"""All hostile submissions, class by class; and those that are graded in each run.

Law: every fixture is graded in `make soak`, and a representative of each kind in `make test`.
"""

from tests.hostile.disclosure import DISCLOSURE
from tests.hostile.exhaustion import EXHAUSTION
from tests.hostile.forging import FORGING
from tests.hostile.malformed import MALFORMED
from tests.hostile.tampering import TAMPERING

__all__ = ["CORPUS", "NEAR_EQUALS", "REPRESENTATIVES", "STANDS_FOR"]

CORPUS = (*FORGING, *TAMPERING, *MALFORMED, *DISCLOSURE, *EXHAUSTION)
# A fixture, and those that meet the same wall or the same line of ours in the same way.
STANDS_FOR = {
    "always_int": "always_str always_list always_tuple always_dict always_float",
    "credit_nan": "credit_infinite credit_minus_infinite credit_numpy_nan",
    "credit_above": "credit_huge",
    "credit_text": "credit_list",
    "patched_numpy_testing": "patched_pandas_testing patched_unittest",
    "drops_tests_by_run_cell": "drops_tests_by_do_execute drops_tests_by_run_code",
    "shadowed_exception_name": "shadowed_exception_parent",
    "patched_showtraceback": "patched_inner_showtraceback",
    "patched_module_table": "patched_finder",
    "beside_skillmap_py": "beside_usercustomize_py beside_conftest_py beside_json_py beside_ast_py "
    "beside_sqlalchemy_py beside_nbformat_py beside___init___py "
    "beside_jupyter_nbconvert_config_py beside__ipython_profile_default_ipython_config_py "
    "beside__config_matplotlib_matplotlibrc_py",
    "lenient_unittest_py": "lenient_math_py lenient_numpy_py lenient_pandas_py",
    "notebook_link_to_gradebook": "notebook_link_to_source notebook_link_to_release "
    "notebook_link_to_passwd notebook_link_to_environment",
    "data_link_to_gradebook": "data_link_to_source data_link_to_release data_link_to_passwd "
    "data_link_to_environment data_link_to_zeros data_link_to_itself",
    "schema_99": "schema_2 schema_huge",
    "schema_text": "schema_none",
    "points_of_777": "points_below_0 points_are_text",
    "kernel_unknown": "kernel_bash kernel_path",
    "test_is_markdown": "test_is_raw",
    "test_is_unlocked": "test_is_an_answer",
    "swapped_ids_of_tests": "swapped_ids_of_answers",
    "lie_first_edited_copy": "lie_last_edited_copy",
    "time_huge": "time_of_9999 time_binary",
    "name_newline": "name_bidi name_control",
    "name_like_option": "name_like_glob name_like_html",
    "exits": "raises_exit",
    "function_exits": "function_raises_exit function_interrupts function_ends_generators "
    "function_raises_skip",
    "hangs_at_exit": "hangs_when_deleted",
    "leaves_twenty_daemons": "leaves_a_daemon",
    "signals_everybody": "signals_its_group signals_its_parent",
    "cells_text": "cells_number cells_none cells_object",
    "a_list": "a_number a_text nothing",
    "depth_of_lists": "depth_of_lists_closed depth_of_objects depth_of_metadata",
    "cell_none": "cell_text cell_number cell_list",
    "source_number": "source_none source_object",
    "source_of_numbers": "source_of_lists",
    "type_gone": "type_number type_list type_unknown",
    "cell_metadata_gone": "cell_metadata_none cell_metadata_list",
    "mark_none": "mark_list mark_text mark_number mark_empty",
    "id_number": "id_none id_list id_object",
    "id_with_path": "id_with_sql",
    "outputs_gone": "outputs_text outputs_of_numbers outputs_of_unknown_type",
    "count_text": "count_huge",
    "cell_id_number": "cell_id_long",
    "nan_in_metadata": "infinity_in_metadata",
    "doubled_cells_key": "doubled_format_key",
    "format_text": "format_huge format_none format_gone",
    "metadata_list": "metadata_none metadata_text",
    "essay_with_surrogate": "essay_with_null",
    "latin_1": "bad_utf8_inside surrogate_bytes",
    "empty": "one_space bom_only null_bytes",
    "html": "merge_conflict python_literal pickle gzip",
    "megabytes_of_space": "megabytes_of_brackets",
    "network_tcp": "network_udp network_dns network_http",
    "reads_environment": "reads_environment_of_c",
    "reads_work_of_others": "reads_work_of_others_by_path",
    "kernel_bpf": "kernel_perf kernel_userfaultfd kernel_io_uring kernel_handle_of_file "
    "kernel_pidfd",
    "kernel_ptrace": "kernel_process_memory",
    "page_script": "page_image page_svg page_frame page_style page_template",
    "page_link": "page_markdown_link",
    "loop": "loop_in_finally loop_of_signals_blocked loop_that_ignores_signals first_cell_loop",
    "loop_in_a_big_number": "loop_in_a_pattern function_loop_in_a_big_number",
    "loop_asleep": "loop_in_a_lock loop_in_async waits_for_a_pipe",
    "waits_for_input": "waits_for_a_password",
    "prints_50_mb": "prints_50_mb_in_one prints_a_million_lines prints_to_both warns_100_000_times",
    "displays_100_000_times": "displays_much_html",
    "ends_in_a_slow_value": "traceback_that_hangs",
    "traceback_of_50_mb": "traceback_of_long_lines traceback_deep",
    "memory": "memory_touched_slowly memory_of_numpy",
    "disk": "disk_in_many_files",
    "parser_depth": "compiler_depth",
    "segfault": "abort floating_point_fault stack_overflow first_cell_segfault",
    "function_memory": "function_disk",
}
_OTHERS = frozenset(" ".join(STANDS_FOR.values()).split())
REPRESENTATIVES = tuple(one for one in CORPUS if one.name not in _OTHERS)
NEAR_EQUALS = tuple(one for one in CORPUS if one.name in _OTHERS)
