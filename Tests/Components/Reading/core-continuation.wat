;; expect: component.feature.stackSwitching
;;
;; Continuations.
(component (core module (type $f (func)) (type (cont $f))))
