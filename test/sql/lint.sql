-- audio_timeline_errors: all problems at once, and the warnings.

SELECT * FROM audio_timeline_errors('{"duration": 5, "sampleRate": 44100}');
SELECT * FROM audio_timeline_errors(NULL);

SELECT * FROM audio_timeline_errors('{"sampleRate": 0, "events": [{"timestamp": 7, "type": "x"}, 7, {"type": "", "confidence": 5}], "markers": {},
	"features": {"a": {"values": [1, [2], "x", 1e999]}, "b": 1, "c": {"hop": 0, "frameRate": 0, "values": [[1, 2], [3], 4]}, "d": {"hop": 1, "encoding": "u8", "values": [300, 1, -1]}}}');
SELECT * FROM audio_timeline_errors('{"duration": 5, "sampleRate": 44100, "events": [{"timestamp": 6, "type": "x"}, {"timestamp": 7, "type": "y"}], "markers": [{"timestamp": 8, "type": "beat"}]}');
SELECT * FROM audio_timeline_errors('"text"');
SELECT * FROM audio_timeline_errors('[{"duration": 5}]');

-- warnings do not refuse
SELECT audio_timeline_is_valid(document) AS valid, p.*
	FROM (SELECT '{"duration": 5, "sampleRate": 10,
		"events": [{"timestamp": 2, "type": "x", "data": {"a": 1}}, {"timestamp": 1, "type": "x"}, {"timestamp": 2, "type": "x", "data": {"a": 2}}, {"timestamp": 2, "type": "x", "data": {"a": 1}}],
		"markers": [{"timestamp": 1, "type": "beat"}, {"timestamp": 2, "type": "drop"}],
		"features": {
			"good": {"hop": 10, "unit": "Hz", "values": [1, 2, 3, 4, 5]},
			"zero": {"hop": 10, "unit": "Hz", "values": [0, 0, 0, 0, 0]},
			"flat": {"hop": 10, "unit": "Hz", "values": [7, 7, 7, 7, 7]},
			"gaps": {"hop": 10, "unit": "Hz", "values": [1, null, null, null, 2]},
			"long": {"hop": 100, "unit": "Hz", "values": [1, 2, 3, 4, 5]},
			"plain": {"hop": 10, "values": [1, 2, 3, 4, 5]},
			"loud": {"hop": 10, "unit": "Hz", "range": [0, 1], "values": [0, 1, 2, 3, 4]},
			"clipped": {"hop": 10, "unit": "Hz", "range": [0, 1], "encoding": "u8", "values": [0, 1, 2, 3, 4]}}}'::jsonb) AS d(document),
	audio_timeline_errors(document) p;
SELECT audio_timeline_is_valid('{"duration": 5}'), audio_timeline_is_valid(NULL);
