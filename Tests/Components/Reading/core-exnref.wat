;; expect: component.feature.exceptions
;;
;; The reference type of exceptions.
(component (core module (type (func (param exnref)))))
