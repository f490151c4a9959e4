;; expect: component.feature.multipleMemories
;;
;; The engine needs the feature for itself, so the reader is the one to refuse it.
(component (core module (memory 1) (memory 1)))
