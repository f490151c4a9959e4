;; expect: component.depth
;;
;; The reader recurses here too.
(component (type (instance (type (instance (type (instance (type (instance (type (instance (type (instance (type (instance (type (instance (type (instance (type (instance (type (instance (type (instance (type (instance (type (instance (type (instance (type (instance (type (instance (type (instance)))))))))))))))))))))))))))))))))))))
