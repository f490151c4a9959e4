;; expect: engine.component.refused
;; feature: threads
;; words: threads must be enabled for shared memories
;;
;; Two threads could race over one memory.
(component (core module (memory 1 1 shared)))
