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
-- members that most likely mean another, once for each name, and the hint of an error that names what is there
SELECT severity, code, message, hint FROM audio_timeline_errors('{"duration": 10, "sampleRate": 22050, "event": [{"timestamp": 99, "type": "x"}], "beats": [1, 2, 3], "Features": {"rms": {"hop": 5}}}');
SELECT severity, code, message, hint FROM audio_timeline_errors('{"duration": 10, "sampleRate": 44100,
	"events": [{"timestamp": 0, "type": "x", "score": 0.5}, {"timestamp": 0, "type": "y", "score": 0.5, "end": 1}, {"time": 0, "label": "x"}],
	"markers": [{"start": 1, "type": "beat"}, {"timestamp": 1, "type": "section", "label": "A", "duration": 4}],
	"features": {"f0": {"frameRate": 1, "unit": "x", "start_time": 2, "values": [1, 2, 3, 4, 5, 6, 7, 8, 9, 0]}, "f1": {"frameRate": 1, "unit": "x", "fps": 1.001, "sr": 22050, "values": [1, 2, 3, 4, 5, 6, 7, 8, 9, 0]},
		"f2": {"hop": 44100, "unit": "x", "fps": 100, "sr": 22050, "values": [1, 2, 3, 4, 5, 6, 7, 8, 9, 0]}, "f3": {"hop_length": 512, "values": [2]}, "f4": {"hop": 1, "data": [1]}}}'::jsonb);
SELECT severity, code, message, hint FROM audio_timeline_errors('{"length": 5, "sr": 44100}');
SELECT severity, code, message, hint FROM audio_timeline_errors('{"data": {"duration": 5, "sampleRate": 44100}, "error": null}');
SELECT code, message FROM audio_timeline_errors(jsonb_build_object('duration', 10, 'sampleRate', 44100,
	'events', (SELECT jsonb_agg(jsonb_build_object('timestamp', i / 1000.0, 'type', 'x', 'prob', 1)) FROM generate_series(1, 10000) i)));

-- keys given twice, of which jsonb keeps the last: only text and json show it
SELECT code, message FROM audio_timeline_errors('{"duration": 5, "duration": 10, "sampleRate": 10, "a": 1, "a": 2, "events": [{"timestamp": 1, "timestamp": 2, "type": "x", "data": {"a": 1, "a": 1}}, {"timestamp": 1, "type": "x", "type": "y"}],
	"features": {"rms": {"hop": 10, "unit": "x", "values": [1, 2, 1, 4, 5, 6, 7, 8, 9, 10]}, "rms": {"hop": 10, "unit": "x", "values": [2, 3, 3, 4, 5, 6, 7, 8, 9, 10]}}}');
SELECT code, message FROM audio_timeline_errors('{"duration": 5, "duration": 10, "sampleRate": 44100}'::json);
SELECT code, message FROM audio_timeline_errors('{"duration": 5, "duration": 10, "sampleRate": 44100}'::jsonb);

-- allowed, and most likely wrong: units, a matrix with its dims first
SELECT code, message, hint FROM (VALUES
	('{"duration": 214000, "sampleRate": 44100, "events": [{"timestamp": 1234, "type": "onset"}, {"timestamp": 211000, "type": "onset"}]}'),
	('{"duration": 214000, "sampleRate": 44100, "events": [{"timestamp": 1.234, "type": "onset"}, {"timestamp": 211.1, "type": "onset"}]}'),
	('{"duration": 4000, "sampleRate": 44100, "features": {"rms": {"frameRate": 2, "unit": "x", "values": [1, 2, 3, 4, 5, 6, 7, 8]}}}'),
	('{"duration": 214, "sampleRate": 44100, "events": [{"timestamp": 1.2, "type": "note", "duration": 480}, {"timestamp": 2.2, "type": "note", "duration": 240}]}'),
	('{"duration": 214, "sampleRate": 44100, "features": {"f0": {"frameRate": 100, "startTime": 23220, "unit": "Hz", "values": [1, 2, 3]}}}'),
	('{"duration": 1, "sampleRate": 44100, "features": {"rms": {"frameRate": 2048, "unit": "x", "values": [1, 2, 3, 4]}}}'),
	('{"duration": 214, "sampleRate": 44}'),
	('{"duration": 36000, "sampleRate": 48000, "events": [{"timestamp": 312, "type": "cue"}, {"timestamp": 35000, "type": "cue"}]}')) AS d(document), audio_timeline_errors(document);
SELECT e.code, e.message, e.hint FROM audio_timeline_errors(jsonb_build_object('duration', 214.3, 'sampleRate', 44100, 'features', jsonb_build_object('mfcc', jsonb_build_object('hop', 512, 'unit', 'dB',
	'values', (SELECT jsonb_agg((SELECT jsonb_agg(i % 7 + d) FROM generate_series(1, 18457) i)) FROM generate_series(1, 13) d))))) e;

-- without sample rate or duration nothing is compared with them
SELECT code, path FROM audio_timeline_errors('{"features": {"f": {"hop": 10, "sr": 5, "fps": 7, "startTime": 99, "unit": "x", "values": [1, 2, 3]}}, "events": [{"timestamp": 1, "type": "x", "duration": 99}]}');

SELECT audio_timeline_is_valid('{"duration": 5}'), audio_timeline_is_valid(NULL);
