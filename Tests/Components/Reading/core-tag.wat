;; expect: component.feature.exceptions
;;
;; Exceptions unwind through frames that the engine compiled.
(component (core module (tag)))
