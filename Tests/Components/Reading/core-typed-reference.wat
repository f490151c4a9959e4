;; expect: component.feature.functionReferences
;;
;; Typed function references.
(component (core module (type $f (func)) (type (func (param (ref $f))))))
